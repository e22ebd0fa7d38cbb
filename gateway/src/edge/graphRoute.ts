// The one way in over HTTP: a request is read, admitted, executed and answered, by the GraphQL-over-HTTP specification,
// in the format that its client takes. What fails anywhere on the way is answered in that format, too.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { answerJson } from './answer/answerJson.ts';
import { answerStream } from './answer/answerStream.ts';
import { headersOf, statusOf, thrownErrors } from './errors.ts';
import type { CallOperation, GraphCall, GraphResult } from './GraphCall.ts';
import { type Accepted, acceptedBy } from './mediaTypes.ts';
import { readRequest, requireMethod } from './readRequest.ts';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Resolves when the answer is written or its stream has begun; never rejects for what a client did. */
export const graphRoute = async <Operation extends CallOperation>(
  call: GraphCall<Operation>,
  { request, response }: Exchange,
): Promise<void> => {
  const accepted = acceptedBy(request.headers.accept);
  let operation: Operation | undefined;
  try {
    if (!accepted.json && !accepted.stream) throw notAcceptable();
    const most = call.maxBodyBytes();
    const read = readRequest(request, most instanceof Promise ? await most : most);
    const asked = read instanceof Promise ? await read : read;
    const admitted = call.admit(asked);
    operation = admitted instanceof Promise ? await admitted : admitted;
    requireMethod(request.method, operation.kind);
    if (operation.kind === 'subscription') await subscribe(call, operation, accepted, response);
    else answerResult(call, operation, accepted, response, await call.execute(operation));
  } catch (thrown) {
    answerError(call, operation, accepted, response, thrown);
  }
};

const subscribe = async <Operation extends CallOperation>(
  call: GraphCall<Operation>,
  operation: Operation,
  { stream }: Accepted,
  response: ServerResponse,
): Promise<void> => {
  if (!call.subscribe) throw new CrmError('BAD_REQUEST', 'Subscriptions are not served here.');
  if (!stream) throw new CrmError('BAD_REQUEST', wayToSubscribe);
  await call.subscribe(operation, stream, response);
  call.answered?.(operation, undefined);
};

const answerResult = <Operation extends CallOperation>(
  call: GraphCall<Operation>,
  operation: Operation,
  { json, stream }: Accepted,
  response: ServerResponse,
  { data, errors: found, extensions }: GraphResult,
): void => {
  /* Those that Apollo Server has seen are as clients see them. */
  const errors = found?.map((error) => (error instanceof GraphQLError ? call.show(error) : error));
  const body = JSON.stringify({ errors, data, extensions });
  if (json) {
    const status = data === undefined && errors ? statusOf(errors, json) : 200;
    const headers = errors
      ? { ...call.headers, ...headersOf(status, undefined, errors) }
      : call.headers;
    answerJson(response, { status, type: json, body, headers });
  } else if (stream) answerStream(response, stream, body, call.headers);
  call.answered?.(operation, errors);
};

/** In the client's format, unless it is about the exchange itself: then the status has to say it. */
const answerError = <Operation extends CallOperation>(
  call: GraphCall<Operation>,
  operation: Operation | undefined,
  { json, stream }: Accepted,
  response: ServerResponse,
  thrown: unknown,
): void => {
  const errors = thrownErrors(thrown).map(call.show);
  if (response.headersSent) response.destroy();
  else {
    const status = statusOf(errors, json);
    const headers = { ...call.headers, ...headersOf(status, thrown, errors) };
    const body = JSON.stringify({ errors });
    if (!json && stream && !isOfExchange(errors))
      answerStream(response, stream, body, call.headers);
    else answerJson(response, { status, type: json ?? 'application/json', body, headers });
  }
  call.answered?.(operation, errors);
};

/**
 * What a stream cannot say: how to ask at all; and what passes by itself, since clients of streams come again after
 * a status, and take an error in the stream as the last word.
 */
const isOfExchange = (errors: readonly GraphQLFormattedError[]): boolean => {
  const { code, retryAfterMs } = errors[0]?.extensions ?? {};
  return code === 'METHOD_NOT_ALLOWED' || code === 'NOT_ACCEPTABLE' || retryAfterMs !== undefined;
};

const notAcceptable = (): CrmError =>
  new CrmError(
    'NOT_ACCEPTABLE',
    'Accept application/json, application/graphql-response+json, text/event-stream or multipart/mixed;subscriptionSpec=1.0.',
  );

const wayToSubscribe =
  'Subscribe over a WebSocket (graphql-transport-ws), or accept `text/event-stream` or `multipart/mixed;subscriptionSpec=1.0`.';

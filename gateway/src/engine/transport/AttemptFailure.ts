// What went wrong in an attempt, and what follows from it: what clients are told, whether another
// attempt may help, and whether it says that the subgraph is down.
import { errors } from 'undici';
import type { AttemptOutcome } from './CircuitBreaker.ts';
import { SubgraphError, type SubgraphErrorCode } from './SubgraphError.ts';

export interface AttemptFailure {
  error: SubgraphError;
  outcome: AttemptOutcome;
  /** A query may be sent again. */
  again: boolean;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

/** No answer, or one that was cut off or is not HTTP. */
export const connectionFailure = (subgraph: string, cause: Error): AttemptFailure => {
  if (isNotHttp(cause)) {
    const error = transportError(subgraph, 'SUBGRAPH_RESPONSE_INVALID', cause);
    return { error, outcome: 'answered', again: false };
  }
  const error = transportError(subgraph, 'SUBGRAPH_UNAVAILABLE', cause);
  return isOurs(cause)
    ? { error, outcome: 'abandoned', again: false }
    : { error, outcome: 'failed', again: true };
};

/** The parser shows what it stumbled over; where that is nothing, the rest of the answer is missing. */
const isNotHttp = (cause: Error): boolean =>
  cause instanceof errors.HeadersOverflowError ||
  (cause instanceof errors.HTTPParserError && 'data' in cause && cause.data !== '');

/** The pool is closed, or refuses a header: no fault of the subgraph's. */
const isOurs = (cause: Error): boolean =>
  cause instanceof errors.ClientDestroyedError ||
  cause instanceof errors.ClientClosedError ||
  cause instanceof errors.InvalidArgumentError ||
  cause instanceof errors.NotSupportedError;

/** Undefined where the text may be a GraphQL response; whoever parses it decides. */
export const answerFailure = (subgraph: string, answer: HttpAnswer): AttemptFailure | undefined => {
  const { status, headers, text } = answer;
  const type = headers['content-type'];
  const isUnavailable = status >= 502 && status <= 504;
  const mayBeGraphql =
    (type === undefined ? status === 200 : jsonType.test(String(type))) &&
    headers['content-encoding'] === undefined &&
    /* A proxy in front of the subgraph may say in JSON that it is away. */
    !(isUnavailable && !isGraphqlResponse(text));
  if (mayBeGraphql) return undefined;
  const code = status >= 500 ? 'SUBGRAPH_UNAVAILABLE' : 'SUBGRAPH_RESPONSE_INVALID';
  const cause = `status ${status}, ${type ?? 'no content-type'}: ${text.slice(0, 200)}`;
  return {
    error: transportError(subgraph, code, cause),
    outcome: status >= 500 ? 'failed' : 'answered',
    again: isUnavailable,
  };
};

const jsonType = /^application\/(?:graphql-response\+)?json\s*(?:;|$)/i;

const isGraphqlResponse = (text: string): boolean => {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && ('data' in body || 'errors' in body);
  } catch {
    return false;
  }
};

export const tooLarge = (subgraph: string, maxBytes: number): AttemptFailure => ({
  error: transportError(subgraph, 'SUBGRAPH_RESPONSE_TOO_LARGE', `more than ${maxBytes} bytes`),
  outcome: 'answered',
  again: false,
});

const messages: Record<SubgraphErrorCode, (subgraph: string) => string> = {
  SUBGRAPH_UNAVAILABLE: (name) => `The subgraph "${name}" is unavailable.`,
  SUBGRAPH_RESPONSE_INVALID: (name) =>
    `The subgraph "${name}" gave an answer that is not a GraphQL response.`,
  SUBGRAPH_RESPONSE_TOO_LARGE: (name) => `The subgraph "${name}" gave an answer that is too large.`,
  TIMEOUT: (name) => `The subgraph "${name}" did not answer in time.`,
  CANCELLED: (name) => `The request to the subgraph "${name}" was cancelled.`,
};

export const transportError = (
  subgraph: string,
  code: SubgraphErrorCode,
  cause?: unknown,
): SubgraphError => new SubgraphError({ subgraph, code, message: messages[code](subgraph), cause });

// Operations over HTTP whose answer is a stream: subscriptions as server-sent events or multipart,
// and whatever a client of the SSE protocol sends.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { headerCredentials } from '../../identity/headerCredentials.ts';
import type { ClientOperation, Subscriptions } from '../../live/Subscriptions.ts';
import type { Sessions } from '../../live/sessions/Sessions.ts';
import { SharedResult } from '../../live/streams/SharedResult.ts';
import { ResponseSubscriber } from './ResponseSubscriber.ts';
import type { StreamFormat } from './streamFormats.ts';

export interface StreamServerOptions {
  sessions: Sessions;
  subscriptions: Subscriptions;
  /** An error as clients see it. */
  format: (error: GraphQLError) => GraphQLFormattedError;
  /** Between signs of life on a stream. */
  heartbeatMs: number;
}

/** A request whose answer is a stream. */
export interface StreamRequest {
  operation: ClientOperation;
  format: StreamFormat;
  identity: Identity | undefined;
  headers: IncomingHttpHeaders;
  response: ServerResponse;
  /** To be sent besides those of the stream. */
  responseHeaders: Record<string, string>;
}

export interface StreamServer extends AsyncDisposable {
  /**
   * Rejects with a coded error as long as nothing has been written; resolves when the stream has
   * begun.
   */
  answer(request: StreamRequest): Promise<void>;
}

export const streamServer = ({
  sessions,
  subscriptions,
  format: shown,
  heartbeatMs,
}: StreamServerOptions): StreamServer => {
  const open = new Set<ResponseSubscriber>();

  const start = async (request: StreamRequest): Promise<ResponseSubscriber> => {
    const { identity, headers, response } = request;
    let subscriber: ResponseSubscriber | undefined;
    const session = await sessions.open({
      credentials: headerCredentials(headers),
      identity,
      headers,
      close: (code) => subscriber?.close(code),
    });
    const started = new ResponseSubscriber({
      session,
      response,
      shown,
      heartbeatMs,
      format: request.format,
      headers: request.responseHeaders,
    });
    subscriber = started;
    open.add(started);
    const ended = (): void => {
      open.delete(started);
      session[Symbol.dispose]();
    };
    response.once('close', ended);
    if (response.destroyed) ended();
    return started;
  };

  const follow = async (request: StreamRequest, subscriber: ResponseSubscriber): Promise<void> => {
    const { response, operation, headers } = request;
    const resumeAfter = headers['last-event-id'];
    const leave = await subscriptions.subscribe(
      operation,
      subscriber,
      typeof resumeAfter === 'string' && resumeAfter !== '' ? resumeAfter : undefined,
    );
    response.once('close', leave);
    if (response.destroyed) leave();
    subscriber.open();
  };

  return {
    answer: async (request) => {
      const { operation, response } = request;
      const subscriber = await start(request);
      const { session } = subscriber;
      try {
        if (operation.prepared.kind === 'subscription') {
          await follow(request, subscriber);
          return;
        }
        const result = await subscriptions.execute(operation, session, session.signal);
        subscriber.send(new SharedResult(result));
        subscriber.complete();
      } catch (error) {
        if (!response.headersSent) {
          open.delete(subscriber);
          session[Symbol.dispose]();
        }
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = [...open].map((subscriber) => subscriber.closed);
      for (const subscriber of open) subscriber.close('SERVICE_RESTART');
      await Promise.all(closed);
    },
  };
};

// Subscriptions over HTTP: each is a response that stays open, as server-sent events or multipart.
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AdmittedOperation } from '../../graph/AdmittedOperation.ts';
import { headerCredentials } from '../../identity/headerCredentials.ts';
import type { Subscriptions } from '../../live/Subscriptions.ts';
import type { Sessions } from '../../live/sessions/Sessions.ts';
import type { ShowError } from '../errors.ts';
import { ResponseSubscriber } from './ResponseSubscriber.ts';
import type { StreamFormat } from './streamFormats.ts';

export interface ResponseStreamsOptions {
  sessions: Sessions;
  subscriptions: Subscriptions;
  show: ShowError;
  /** Between signs of life on a stream. */
  heartbeatMs: number;
}

/** A subscription whose answer is a stream. */
export interface StreamRequest {
  operation: AdmittedOperation;
  format: StreamFormat;
  headers: IncomingHttpHeaders;
  response: ServerResponse;
  /** To be sent besides those of the stream. */
  responseHeaders: OutgoingHttpHeaders | undefined;
}

export class ResponseStreams implements AsyncDisposable {
  readonly #options: ResponseStreamsOptions;
  readonly #open = new Set<ResponseSubscriber>();

  constructor(options: ResponseStreamsOptions) {
    this.#options = options;
  }

  /** Resolves when the stream has begun; rejects with a coded error as long as nothing has been written. */
  async follow(request: StreamRequest): Promise<void> {
    const { operation, response, headers } = request;
    const subscriber = await this.#subscriberOf(request);
    const resumeAfter = headers['last-event-id'];
    try {
      const leave = await this.#options.subscriptions.subscribe(
        operation,
        subscriber,
        typeof resumeAfter === 'string' && resumeAfter !== '' ? resumeAfter : undefined,
      );
      response.once('close', leave);
      if (response.destroyed) leave();
      subscriber.open();
    } catch (error) {
      if (!response.headersSent) this.#forget(subscriber);
      throw error;
    }
  }

  /** The session asks once more who it is: it may have been a while since the request came. */
  async #subscriberOf(request: StreamRequest): Promise<ResponseSubscriber> {
    const { headers, response } = request;
    const { sessions, show, heartbeatMs } = this.#options;
    let subscriber: ResponseSubscriber | undefined;
    const session = await sessions.open({
      credentials: headerCredentials(headers),
      headers,
      close: (code) => subscriber?.close(code),
    });
    const started = new ResponseSubscriber({
      session,
      response,
      show,
      heartbeatMs,
      format: request.format,
      headers: request.responseHeaders,
    });
    subscriber = started;
    this.#open.add(started);
    response.once('close', () => this.#forget(started));
    if (response.destroyed) this.#forget(started);
    return started;
  }

  #forget(subscriber: ResponseSubscriber): void {
    this.#open.delete(subscriber);
    subscriber.session[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [...this.#open].map((subscriber) => subscriber.closed);
    for (const subscriber of this.#open) subscriber.close('SERVICE_RESTART');
    await Promise.all(closed);
  }
}

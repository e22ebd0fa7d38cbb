// A subscription whose results are written to an HTTP response that stays open.
import type { ServerResponse } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { type ErrorCode, errorEntryOf } from '@crm-graph/shared/errors/errorCodes';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Session } from '../../live/sessions/Session.ts';
import type { SharedResult } from '../../live/streams/SharedResult.ts';
import type { Subscriber } from '../../live/streams/Subscriber.ts';
import type { StreamFormat } from './streamFormats.ts';

export interface ResponseSubscriberOptions {
  session: Session;
  response: ServerResponse;
  format: StreamFormat;
  /** An error as clients see it. */
  shown: (error: GraphQLError) => GraphQLFormattedError;
  /** To be sent besides those of the stream. */
  headers: Readonly<Record<string, string>>;
  heartbeatMs: number;
}

/** An ending that is not read by then is cut. */
const cutAfterMs = 1_000;

export class ResponseSubscriber implements Subscriber {
  readonly #options: ResponseSubscriberOptions;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: ResponseSubscriberOptions) {
    this.#options = options;
  }

  get session(): Session {
    return this.#options.session;
  }

  /** Resolves when the connection, or this response on it, has ended. */
  get closed(): Promise<void> {
    const { response } = this.#options;
    return new Promise((resolve) => {
      response.once('close', resolve);
    });
  }

  get waitingBytes(): number {
    return this.#options.response.writableLength;
  }

  /** Sends the head of the response, and heartbeats from then on; the first result does it, too. */
  open(): void {
    const { response, format, headers, heartbeatMs } = this.#options;
    if (response.headersSent || response.destroyed) return;
    response.writeHead(200, {
      ...headers,
      'content-type': format.contentType,
      'cache-control': 'no-store',
      /* nginx would hold results back until its buffer is full. */
      'x-accel-buffering': 'no',
    });
    response.write(format.opening);
    this.#heartbeat = setInterval(() => this.#write(format.heartbeat), heartbeatMs);
    response.once('close', () => clearInterval(this.#heartbeat));
  }

  send(result: SharedResult): void {
    this.#write(result.encoded(this.#options.format.result));
  }

  /** The operation is over. */
  complete(): void {
    this.#end(this.#options.format.completion());
  }

  fail(error: GraphQLError): void {
    const { format, shown } = this.#options;
    this.#end(format.completion([shown(error)]));
  }

  /** The connection ends: for good where the table of codes says so, else to be resumed. */
  close(code: ErrorCode): void {
    const { format } = this.#options;
    const entry = errorEntryOf(code);
    const { message, extensions } = new CrmError(code, `${entry?.close?.reason ?? code}.`);
    const error = { message, extensions };
    this.#end(entry?.stream === 'final' ? format.completion([error]) : format.interruption(error));
  }

  #write(chunk: string | Buffer): void {
    const { response } = this.#options;
    this.open();
    if (!response.writableEnded && !response.destroyed) response.write(chunk);
  }

  #end(ending: string): void {
    const { response } = this.#options;
    this.open();
    clearInterval(this.#heartbeat);
    if (response.writableEnded || response.destroyed) return;
    response.end(ending);
    const cut = setTimeout(() => response.destroy(), cutAfterMs);
    response.once('close', () => clearTimeout(cut));
  }
}

// A subscription whose results are written to an HTTP response that stays open.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { type ErrorCode, errorEntryOf } from '@crm-graph/shared/errors/errorCodes';
import type { GraphQLError } from 'graphql';
import type { Session } from '../../live/sessions/Session.ts';
import type { SharedResult } from '../../live/streams/SharedResult.ts';
import type { Subscriber } from '../../live/streams/Subscriber.ts';
import { endUnlessRead } from '../connections.ts';
import type { ShowError } from '../errors.ts';
import { openStream } from './answerStream.ts';
import type { StreamFormat } from './streamFormats.ts';

export interface ResponseSubscriberOptions {
  session: Session;
  response: ServerResponse;
  format: StreamFormat;
  show: ShowError;
  /** To be sent besides those of the stream. */
  headers: OutgoingHttpHeaders | undefined;
  heartbeatMs: number;
}

/** When the gateway stops, an ending that is not read by then is cut. */
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
    openStream(response, format, headers);
    this.#heartbeat = setInterval(() => this.#write(format.heartbeat), heartbeatMs);
    response.once('close', () => clearInterval(this.#heartbeat));
  }

  send(result: SharedResult): void {
    this.#write(result.encoded(this.#options.format.result));
  }

  /** The subscription is over: the error takes the place of its next result. */
  fail(error: GraphQLError): void {
    const { format, show } = this.#options;
    const text = JSON.stringify({ errors: [show(error)] });
    this.#end(`${format.result({ text })}${format.completion}`);
  }

  /** The connection ends: for good where the table of codes says so, else to be resumed. */
  close(code: ErrorCode): void {
    const { format, response, show } = this.#options;
    const entry = errorEntryOf(code);
    const error = show(new CrmError(code, `${entry?.close?.reason ?? code}.`));
    this.#end(entry?.stream === 'final' ? format.failure([error]) : format.interruption(error));
    if (code !== 'SERVICE_RESTART') return;
    const cut = setTimeout(() => response.destroy(), cutAfterMs);
    response.once('close', () => clearTimeout(cut));
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
    endUnlessRead(response);
  }
}

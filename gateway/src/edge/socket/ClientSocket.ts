// A client's WebSocket: carries the protocol's messages, lets its client in, and holds it to what it may send and
// what it may leave unread.
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import {
  type CloseReason,
  type ErrorCode,
  errorCodes,
  errorEntryOf,
} from '@crm-graph/shared/errors/errorCodes';
import type { Logger } from '@crm-graph/shared/logger';
import type { RawData, WebSocket } from 'ws';
import { Turns } from '../../graph/Turns.ts';
import type { Session } from '../../live/sessions/Session.ts';
import { refusalOf, type Sessions } from '../../live/sessions/Sessions.ts';
import type { GraphRequest, JsonObject } from '../graphRequest.ts';
import { credentialsOf } from './credentialsOf.ts';
import { invalidMessage, protocolClosings } from './protocolClosings.ts';
import { type RunOptions, runOperation } from './runOperation.ts';
import type { SocketOperation } from './SocketOperation.ts';
import { type ProtocolHost, SocketProtocol } from './SocketProtocol.ts';

export interface ClientSocketOptions extends RunOptions {
  sessions: Sessions;
  /** Hears of faults of ours. */
  logger: Logger;
  /** Operations at once on one socket. */
  maxOperations: number;
  /** What may wait for a client to read it before no more is taken from it. */
  maxWaitingBytes: number;
  /** Within which ConnectionInit has to come. */
  initTimeoutMs: number;
}

/** A page subscribes to a hundred things at once, once. */
const maxMessagesPerSecond = 200;
/** Queries and mutations at once; as many connections a browser opens for HTTP. */
const maxExecuting = 6;
/** Its upgrade and connection_init. Whoever has not said who it is gets no room for more. */
const maxBytesBeforeAck = 64 * 1024;
/** A message of usual size takes less. */
const longMs = 10;
/** The break after a long one, as a multiple of what it took. */
const restFactor = 4;

export class ClientSocket implements ProtocolHost<Session> {
  /** The last moment it had something to do, in milliseconds since the process began. */
  busyAt = performance.now();
  readonly #socket: WebSocket;
  /** Below the WebSocket. */
  readonly #connection: Socket;
  readonly #options: ClientSocketOptions;
  readonly #protocol: SocketProtocol<Session>;
  /** Made when first asked for: most sockets only subscribe. */
  #turns: Turns | undefined;
  /** Of the upgrade, until its client is let in. */
  #headers: IncomingHttpHeaders;
  /** False from a ping until its pong. */
  #isAlive = true;
  /** Whether the connection is cut unless what waits is being read. */
  #isTimed = false;
  #secondBeganAt = 0;
  #messages = 0;

  constructor(
    socket: WebSocket,
    connection: Socket,
    headers: IncomingHttpHeaders,
    options: ClientSocketOptions,
  ) {
    this.#socket = socket;
    this.#connection = connection;
    this.#headers = headers;
    this.#options = options;
    this.#protocol = new SocketProtocol(this, options.initTimeoutMs);
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => this.#pong());
    socket.once('close', () => this.#protocol.closed());
    connection.on('timeout', () => this.terminate());
    connection.on('data', this.#watchUntilAck);
  }

  get operations(): number {
    return this.#protocol.operations;
  }

  /** Bytes that wait for the client to read them. */
  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  get turns(): Turns {
    this.#turns ??= new Turns({ atOnce: maxExecuting, pause: 0 });
    return this.#turns;
  }

  async whenRead(): Promise<void> {
    if (this.waitingBytes <= this.#options.maxWaitingBytes || this.#connection.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#connection.off('drain', done).off('close', done);
        resolve();
      };
      this.#connection.on('drain', done).on('close', done);
    });
  }

  /** Resolves when the connection has ended. */
  get closed(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }

  close({ code, reason }: CloseReason): void {
    this.#socket.close(code, reason);
  }

  /** Ends it for a reason, with all that runs on it. */
  end(reason: CloseReason | ErrorCode): void {
    this.#protocol.close(typeof reason === 'string' ? closeReasonOf(reason) : reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /**
   * Asks for a sign of life, `withinMs`. Where there was none since it was asked the last time, the connection is
   * cut; but a pong comes only after all that waits before the ping, which may take longer as long as it is read.
   */
  probe(withinMs: number): void {
    if (this.#isAlive) {
      this.#isAlive = false;
      this.#socket.ping();
    } else if (this.waitingBytes === 0 && !this.#isTimed) {
      this.terminate();
    } else {
      const hasReadAll = this.waitingBytes === 0;
      /* The kernel's progress with a large write counts as activity. */
      if (hasReadAll || !this.#isTimed) this.#connection.setTimeout(hasReadAll ? 0 : withinMs);
      this.#isTimed = !hasReadAll;
    }
  }

  async connect(payload: JsonObject | undefined): Promise<Session> {
    const headers = this.#headers;
    this.#headers = {};
    const session = await this.#options.sessions.open({
      credentials: credentialsOf(payload, headers),
      headers,
      close: (code) => this.end(code),
    });
    this.#connection.off('data', this.#watchUntilAck);
    return session;
  }

  refusal(error: unknown): CloseReason {
    if (error instanceof CrmError) return closeReasonOf(refusalOf(error));
    this.#options.logger.error('a socket was not let in', { cause: error });
    return errorCodes.INTERNAL_SERVER_ERROR.close;
  }

  run(operation: SocketOperation, request: GraphRequest, session: Session): void {
    const { maxOperations, format } = this.#options;
    if (this.operations > maxOperations) {
      const message = `No more than ${maxOperations} operations at once on one socket.`;
      operation.fail([format(new CrmError('OPERATION_TOO_LARGE', message))]);
      return;
    }
    void runOperation(operation, request, session, this, this.#options);
  }

  #receive(data: RawData, isBinary: boolean): void {
    const since = performance.now();
    if (isBinary) this.end(invalidMessage('It must be text, not bytes.'));
    else if (this.#isFlooding()) this.end('RATE_LIMITED');
    else this.#protocol.receive(String(data));
    if (this.waitingBytes > this.#options.maxWaitingBytes) this.#pause();
    else this.#rest(performance.now() - since);
  }

  /** What took long is followed by a break, in which others get their time. */
  #rest(tookMs: number): void {
    if (tookMs < longMs || this.#socket.isPaused) return;
    this.#socket.pause();
    setTimeout(() => this.#socket.resume(), tookMs * restFactor);
  }

  /** Of a message that has no end yet nothing else is heard. */
  readonly #watchUntilAck = (): void => {
    if (this.#connection.bytesRead <= maxBytesBeforeAck) return;
    this.#connection.off('data', this.#watchUntilAck);
    this.end(protocolClosings.tooMuchBeforeAck);
    this.#socket.pause();
  };

  /** Who leaves answers unread can ask no more until they are read. */
  #pause(): void {
    if (this.#socket.isPaused) return;
    this.#socket.pause();
    this.#connection.once('drain', () => this.#socket.resume());
  }

  #pong(): void {
    this.#isAlive = true;
    if (this.#isTimed) this.#connection.setTimeout(0);
    this.#isTimed = false;
  }

  #isFlooding(): boolean {
    const now = performance.now();
    this.busyAt = now;
    if (now - this.#secondBeganAt >= 1_000) {
      this.#secondBeganAt = now;
      this.#messages = 0;
    }
    this.#messages += 1;
    return this.#messages > maxMessagesPerSecond;
  }
}

/** What no client should meet as a reason is a fault of ours. */
const closeReasonOf = (code: ErrorCode): CloseReason =>
  errorEntryOf(code)?.close ?? errorCodes.INTERNAL_SERVER_ERROR.close;

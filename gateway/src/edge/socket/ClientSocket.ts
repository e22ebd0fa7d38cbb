// A client's WebSocket, as graphql-ws wants to see it, with what it may do in a second and a sign of life.
import type { IncomingHttpHeaders } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { type CloseReason, closeCodes } from '../../live/sessions/closeCodes.ts';
import type { Session } from '../../live/sessions/Session.ts';

/** A page subscribes to a hundred things at once, once. */
const maxMessagesPerSecond = 200;

export class ClientSocket {
  readonly socket: WebSocket;
  /** Of the upgrade; they are dropped once the connection is initialised. */
  headers: IncomingHttpHeaders | undefined;
  session: Session | undefined;
  /** The operations that run on it, by id; graphql-ws keeps them. */
  running: Readonly<Record<string, unknown>> = {};
  /** False from a ping until its pong. */
  isAlive = true;
  /** The last moment it had something to do, in milliseconds since the process began. */
  busyAt = performance.now();
  readonly #failed: (cause: unknown) => void;
  #secondBeganAt = 0;
  #messages = 0;

  /** `failed` hears of faults of ours. */
  constructor(socket: WebSocket, headers: IncomingHttpHeaders, failed: (cause: unknown) => void) {
    this.socket = socket;
    this.headers = headers;
    this.#failed = failed;
  }

  get operations(): number {
    return Object.keys(this.running).length;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  send(data: string): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(data);
  }

  close(code?: number, reason?: string): void {
    this.socket.close(code, reason);
  }

  end({ code, reason }: CloseReason): void {
    this.socket.close(code, reason);
  }

  onMessage(handle: (data: string) => Promise<void>): void {
    this.socket.on('message', (data: RawData, isBinary: boolean) => {
      if (this.socket.readyState !== this.socket.OPEN) return;
      if (isBinary) return this.close(4400, 'Invalid message received');
      if (this.#isFlooding()) return this.end(closeCodes.tooManyMessages);
      /* What graphql-ws does not answer by itself is a fault of ours; it ends this socket only. */
      handle(String(data)).catch((cause: unknown) => {
        this.#failed(cause);
        this.close(4500, 'Internal server error');
      });
    });
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

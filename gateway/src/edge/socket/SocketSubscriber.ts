// A subscription on a WebSocket, as the streams see it. Its results are written to the socket at once, as text that
// all subscribers share but for the id.
import type { GraphQLError } from 'graphql';
import type { Turns } from '../../graph/Turns.ts';
import type { Session } from '../../live/sessions/Session.ts';
import type { SharedResult } from '../../live/streams/SharedResult.ts';
import type { Subscriber } from '../../live/streams/Subscriber.ts';
import type { ShowError } from '../errors.ts';
import type { SocketOperation } from './SocketOperation.ts';

/** The socket that it shares with others. */
export interface SharedSocket {
  readonly waitingBytes: number;
  /** Its queries and mutations take turns: what nobody reads yet is not followed by more. */
  readonly turns: Turns;
  /** Resolves when no more waits for the client than may, or it has gone. */
  whenRead(): Promise<void>;
}

export class SocketSubscriber implements Subscriber {
  readonly session: Session;
  readonly #operation: SocketOperation;
  readonly #socket: SharedSocket;
  readonly #show: ShowError;

  constructor(operation: SocketOperation, session: Session, socket: SharedSocket, show: ShowError) {
    this.session = session;
    this.#operation = operation;
    this.#socket = socket;
    this.#show = show;
  }

  get waitingBytes(): number {
    return this.#socket.waitingBytes;
  }

  send(result: SharedResult): void {
    this.#operation.next(result.text);
  }

  fail(error: GraphQLError): void {
    if (!this.#operation.isOver) this.#operation.fail([this.#show(error)]);
  }
}

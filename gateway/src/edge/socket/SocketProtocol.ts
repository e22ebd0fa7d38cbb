// graphql-transport-ws as a machine of states: what a message means in each, what it is answered, what ends the
// socket (graphql-ws, PROTOCOL.md). It knows neither WebSockets nor GraphQL; its host does.

import type { CloseReason } from '@crm-graph/shared/errors/errorCodes';
import type { GraphRequest, JsonObject } from '../graphRequest.ts';
import { ackText, pongText, readMessage } from './messages.ts';
import { invalidMessage, protocolClosings, subscriberExists } from './protocolClosings.ts';
import { type OperationOwner, SocketOperation } from './SocketOperation.ts';

/** What the protocol is spoken for: a socket, and whoever lets clients in and executes operations. */
export interface ProtocolHost<Client> {
  send(text: string): void;
  close(reason: CloseReason): void;
  /** Lets a client in, by the payload of ConnectionInit. What it rejects with closes the socket. */
  connect(payload: JsonObject | undefined): Promise<Client>;
  /** How a socket is closed that was not let in. */
  refusal(error: unknown): CloseReason;
  /** Begins an operation, which ends by itself; nothing is thrown, what fails is the operation's error. */
  run(operation: SocketOperation, request: GraphRequest, client: Client): void;
}

type State<Client> =
  | { name: 'opened'; late: NodeJS.Timeout }
  | { name: 'connecting' }
  | { name: 'acknowledged'; client: Client }
  | { name: 'closed' };

/** `Client` is whoever has been let in; it is disposed when the socket closes. */
export class SocketProtocol<Client extends Disposable> implements OperationOwner {
  readonly #host: ProtocolHost<Client>;
  readonly #operations = new Map<string, SocketOperation>();
  #state: State<Client>;

  /** `initTimeoutMs`: within which ConnectionInit has to come. */
  constructor(host: ProtocolHost<Client>, initTimeoutMs: number) {
    this.#host = host;
    const late = setTimeout(() => this.close(protocolClosings.initTimeout), initTimeoutMs);
    this.#state = { name: 'opened', late };
  }

  /** How many operations run. */
  get operations(): number {
    return this.#operations.size;
  }

  /** A text message of the client. */
  receive(text: string): void {
    if (this.#state.name === 'closed') return;
    const message = readMessage(text);
    switch (message.type) {
      case 'invalid':
        this.close(invalidMessage(message.reason));
        break;
      case 'connection_init':
        this.#connect(message.payload);
        break;
      case 'ping':
        this.send(pongText(message.payload));
        break;
      case 'subscribe':
        this.#subscribe(message.id, message.request);
        break;
      case 'complete':
        this.#operations.get(message.id)?.cancel();
    }
  }

  /** Ends the socket, and all that runs on it. */
  close(reason: CloseReason): void {
    if (this.#state.name === 'closed') return;
    this.closed();
    this.#host.close(reason);
  }

  /** The socket has closed, whoever closed it: nothing of the client is left behind. */
  closed(): void {
    const state = this.#state;
    this.#state = { name: 'closed' };
    for (const operation of this.#operations.values()) operation.cancel();
    if (state.name === 'opened') clearTimeout(state.late);
    if (state.name === 'acknowledged') state.client[Symbol.dispose]();
  }

  send(text: string): void {
    if (this.#state.name !== 'closed') this.#host.send(text);
  }

  ended(operation: SocketOperation): void {
    this.#operations.delete(operation.id);
  }

  #connect(payload: JsonObject | undefined): void {
    if (this.#state.name !== 'opened') {
      this.close(protocolClosings.tooManyInits);
      return;
    }
    clearTimeout(this.#state.late);
    this.#state = { name: 'connecting' };
    this.#host.connect(payload).then(
      (client) => this.#letIn(client),
      (error: unknown) => {
        if (this.#state.name === 'connecting') this.close(this.#host.refusal(error));
      },
    );
  }

  /** It may have gone while its credentials were checked. */
  #letIn(client: Client): void {
    if (this.#state.name === 'closed') {
      client[Symbol.dispose]();
      return;
    }
    this.#state = { name: 'acknowledged', client };
    this.send(ackText);
  }

  #subscribe(id: string, request: GraphRequest): void {
    if (this.#state.name !== 'acknowledged') this.close(protocolClosings.unauthorized);
    else if (this.#operations.has(id)) this.close(subscriberExists(id));
    else {
      const operation = new SocketOperation(id, this);
      this.#operations.set(id, operation);
      this.#host.run(operation, request, this.#state.client);
    }
  }
}

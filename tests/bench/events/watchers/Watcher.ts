// One idle-handed subscriber over graphql-transport-ws: it counts what comes and answers pings.
import { connect, type Socket } from 'node:net';
import { clientFrame, FrameReader, opcodes, upgradeRequest } from './frames.ts';

export interface WatcherOptions {
  port: number;
  host: string;
  id: string;
  apiKey: string;
  query: string;
  variables?: Record<string, unknown>;
  /** A result has come; its message, where it came in one piece. */
  delivered: (message: Buffer | undefined) => void;
  /** The connection is gone. */
  ended: (reason: string) => void;
}

/** Shorter messages are the protocol's own: acknowledgements, pings. */
const leastResultBytes = 50;

export class Watcher {
  /** Resolves once the subscription has been sent. */
  readonly subscribed: Promise<void>;
  readonly #options: WatcherOptions;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  #isUpgraded = false;
  #subscribed: () => void = () => undefined;

  constructor(options: WatcherOptions) {
    this.#options = options;
    const { port, host, ended } = options;
    this.subscribed = new Promise((resolve) => {
      this.#subscribed = resolve;
    });
    this.#socket = connect({ port, host, noDelay: true }, () => {
      this.#socket.write(upgradeRequest(`${host}:${port}`));
    });
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error) => ended(error.message));
    this.#socket.on('close', () => ended('closed'));
  }

  end(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    if (!this.#isUpgraded) {
      const head = chunk.indexOf('\r\n\r\n');
      if (head < 0 || !chunk.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
        this.#options.ended(chunk.toString('utf8', 0, 200));
        this.end();
        return;
      }
      this.#isUpgraded = true;
      this.#send({ type: 'connection_init', payload: { apiKey: this.#options.apiKey } });
      rest = chunk.subarray(head + 4);
    }
    this.#reader.read(rest, ({ opcode, bytes, payload }) => {
      if (opcode === opcodes.text && bytes >= leastResultBytes) this.#options.delivered(payload);
      else if (opcode === opcodes.text) this.#protocol(payload?.toString() ?? '');
      else if (opcode === opcodes.ping) {
        this.#socket.write(clientFrame(opcodes.pong, payload ?? ''));
      } else if (opcode === opcodes.close) {
        this.#options.ended(`close ${payload?.readUInt16BE(0)} ${payload?.toString('utf8', 2)}`);
      }
    });
  }

  #protocol(message: string): void {
    const { id, query, variables } = this.#options;
    if (message.includes('"connection_ack"')) {
      this.#send({ id, type: 'subscribe', payload: { query, variables } });
      this.#subscribed();
    } else if (message.includes('"ping"')) this.#send({ type: 'pong' });
  }

  #send(message: Record<string, unknown>): void {
    this.#socket.write(clientFrame(opcodes.text, JSON.stringify(message)));
  }
}

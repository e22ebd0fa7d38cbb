// HTTP as bytes on a socket: for what no client library sends. Answers are read one after another, by
// their content-length; those of the gateway have one.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

export class RawClient implements Disposable {
  readonly socket: Socket;
  #received = '';
  readonly #host: string;

  private constructor(url: string, socket: Socket) {
    this.#host = new URL(url).host;
    this.socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      this.#received += chunk;
    });
    /* A reset is what some tests provoke. */
    socket.on('error', () => undefined);
  }

  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new RawClient(url, socket);
  }

  /** The head of POST /graphql, with a content-length that need not be true. */
  head(length: number, headers: Readonly<Record<string, string>> = {}): string {
    const all = {
      host: this.#host,
      'content-type': 'application/json',
      'content-length': String(length),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST /graphql HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  /** A whole request. */
  request(body: string, headers: Readonly<Record<string, string>> = {}): string {
    return this.head(Buffer.byteLength(body), headers) + body;
  }

  send(bytes: string): void {
    this.socket.write(bytes);
  }

  /** The next answer; undefined where the connection ends without one. */
  async answer(): Promise<RawAnswer | undefined> {
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end >= 0) {
        const [first = '', ...lines] = this.#received.slice(0, end).split('\r\n');
        const headers = new Map(
          lines.map((line): [string, string] => {
            const [name = '', ...value] = line.split(': ');
            return [name.toLowerCase(), value.join(': ')];
          }),
        );
        const length = Number(headers.get('content-length') ?? 0);
        const rest = Buffer.from(this.#received.slice(end + 4));
        if (rest.length >= length) {
          this.#received = rest.subarray(length).toString();
          const status = Number(first.split(' ')[1]);
          return { status, headers, body: rest.subarray(0, length).toString() };
        }
      }
      if (this.socket.readableEnded || this.socket.destroyed) return undefined;
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
    }
  }

  /** Resolves when the server, too, has closed the connection. */
  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

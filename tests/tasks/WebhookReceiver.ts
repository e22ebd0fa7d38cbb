// A real HTTP server on loopback that webhooks are sent to: keeps what it got, answers as told.
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** Parsed. */
  message: {
    type: string;
    timestamp: string;
    data: {
      cursor: string;
      log: string;
      eventId: string;
      organizationId: string;
      entityType: string;
      entityId: string;
      version: number;
      actorId: string | null;
      deleted: boolean;
      changes: { field: string; from: string | null; to: string | null }[];
    };
  };
  at: number;
}

type Status = number | undefined;
export type Answer = (received: Received, response: ServerResponse) => Status | Promise<Status>;

export class WebhookReceiver implements AsyncDisposable {
  readonly received: Received[] = [];
  /** The status to answer with; undefined: it answers by itself, or never. */
  answer: Answer = () => 200;
  /** Requests not answered yet, now and at most. */
  open = 0;
  mostOpen = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', async (request, response) => {
      receiver.open += 1;
      receiver.mostOpen = Math.max(receiver.mostOpen, receiver.open);
      response.once('close', () => {
        receiver.open -= 1;
      });
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      const { headers } = request;
      const received = { headers, body, message: JSON.parse(body), at: performance.now() };
      receiver.received.push(received);
      const status = await receiver.answer(received, response);
      if (status !== undefined) response.writeHead(status).end('noted');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** What it got of an event or a record, in order. */
  of(id: string): Received[] {
    return this.received.filter(
      ({ message: { data } }) => data.eventId === id || data.entityId === id,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Whether a message carries a signature of this secret, by the library that receivers use. */
export function isSignedWith(secret: string, { headers, body }: Received): boolean {
  try {
    new Verifier(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

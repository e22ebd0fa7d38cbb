// The loaders' client against a server that fails in the ways networks do.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  GraphClient,
  GraphRequestError,
  GraphUnreachableError,
  NotAGraphError,
} from '@crm-graph/deploy/load/GraphClient';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const json = (body: unknown, status = 200): Answer => {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const reset: Answer = (_, request) => request.socket.destroy();
const failure = (code: string): Answer => {
  return json({ errors: [{ message: 'No.', extensions: { code } }] });
};

/** A client of a server that gives these answers in turn, the last one for ever. */
async function clientOf(...answers: Answer[]) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    answers[Math.min(bodies.length, answers.length) - 1]?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const client = new GraphClient({ url, attempts: 4, retryDelayMs: 5 });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { client, bodies, close };
}

const send = (client: GraphClient) =>
  client.request<{ ok: boolean }>('mutation ($input: I!) { do(input: $input) }', {
    input: { idempotencyKey: 'key-1' },
  });

test('a request whose connection breaks, or whose subgraph is away, is sent again unchanged', async () => {
  const away: Answer = (response) => response.writeHead(502).end('<h1>Bad Gateway</h1>');
  const ok = json({ data: { ok: true } });
  const { client, bodies, close } = await clientOf(
    reset,
    failure('SUBGRAPH_UNAVAILABLE'),
    away,
    ok,
  );
  expect(await send(client)).toEqual({ ok: true });
  expect(bodies).toHaveLength(4);
  expect(new Set(bodies).size).toBe(1);
  expect(bodies[0]).toContain('key-1');
  close();
});

test('an error of the request itself is thrown at once', async () => {
  const { client, bodies, close } = await clientOf(failure('BAD_USER_INPUT'));
  const error = await send(client).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(GraphRequestError);
  expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(bodies).toHaveLength(1);
  close();
});

test('a graph that never answers ends with the reason', async () => {
  const { client, bodies, close } = await clientOf(reset);
  const error = await send(client).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(GraphUnreachableError);
  expect((error as Error).message).toMatch(/gave no answer after 4 attempts: /);
  expect(bodies).toHaveLength(4);
  close();
});

test('a page instead of a graph is named as such, without another attempt', async () => {
  const { client, bodies, close } = await clientOf((response) =>
    response.writeHead(404).end('<h1>Not Found</h1>'),
  );
  await expect(send(client)).rejects.toBeInstanceOf(NotAGraphError);
  expect(bodies).toHaveLength(1);
  close();
});

test('an access token that ran out is renewed with the credentials', async () => {
  const login = (accessToken: string) => json({ data: { login: { accessToken } } });
  const expired = failure('UNAUTHENTICATED');
  const ok = json({ data: { ok: true } });
  const { client, bodies, close } = await clientOf(login('one'), expired, login('two'), ok);
  await client.login({ email: 'admin@acme.example', password: 'secret' });
  expect(await send(client)).toEqual({ ok: true });
  expect(bodies.map((body) => body.includes('LoginInput'))).toEqual([true, false, true, false]);
  close();
});

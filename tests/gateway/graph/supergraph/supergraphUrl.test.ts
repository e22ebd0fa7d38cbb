// A supergraph behind a URL: polled with its ETag, and whatever the server does, the old one stays.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  openSupergraph,
  type SupergraphSource,
} from '@crm-graph/gateway/graph/supergraph/SupergraphSource';
import { eventually, sourceLog } from './sourceLog.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let answer: Answer;
let asked: string[];

const sdl =
  (text: string): Answer =>
  (request, response) => {
    const etag = `"${text}"`;
    const isKnown = request.headers['if-none-match'] === etag;
    response.writeHead(isKnown ? 304 : 200, { etag });
    response.end(isKnown ? undefined : text);
  };

beforeEach(async () => {
  asked = [];
  answer = sdl('first');
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['if-none-match'] ?? '-'}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/supergraph`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const told = (source: SupergraphSource): string[] => {
  const contents: string[] = [];
  source.onChange(async (content) => {
    contents.push(content);
  });
  return contents;
};

test('a new supergraph is told once, and what is known is not sent again', async () => {
  await using source = await openSupergraph(url, { logger: sourceLog(), pollIntervalMs: 20 });
  expect(source.supergraphSdl).toBe('first');
  const contents = told(source);
  await eventually(
    () => asked.slice(0, 3),
    ['/supergraph -', '/supergraph "first"', '/supergraph "first"'],
  );
  answer = sdl('second');
  await eventually(() => contents, ['second']);
  await eventually(() => asked.at(-1), '/supergraph "second"');
  expect(contents).toEqual(['second']);
  expect(source.supergraphSdl).toBe('second');
});

test('a server without ETags is compared by content', async () => {
  answer = (_, response) => response.end('first');
  await using source = await openSupergraph(url, { logger: sourceLog(), pollIntervalMs: 20 });
  const contents = told(source);
  await eventually(() => asked.length > 3, true);
  expect(contents).toEqual([]);
  expect(asked.every((line) => line === '/supergraph -')).toBe(true);
});

test('redirects are followed, without credentials to another origin', async () => {
  let seen: string | undefined;
  const other = createServer((request, response) => {
    seen = `${request.headers['authorization']} ${request.headers['x-api-key']}`;
    response.end('from there');
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  try {
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/there`;
    answer = (_, response) => response.writeHead(302, { location }).end();
    const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret' };
    await using source = await openSupergraph(url, { logger: sourceLog(), headers });
    expect(source.supergraphSdl).toBe('from there');
    expect(seen).toBe('undefined undefined');
  } finally {
    other.closeAllConnections();
    other.close();
  }
});

test('a URL that does not answer with a supergraph is refused with the reason, without credentials', async () => {
  const logger = sourceLog();
  const open = (options = {}) => openSupergraph(`${url}?token=secret`, { logger, ...options });
  answer = (_, response) => response.writeHead(503).end('later');
  await expect(open()).rejects.toMatchObject({
    code: 'SUPERGRAPH_UNAVAILABLE',
    message: `The supergraph ${url} was answered with status 503.`,
  });
  answer = (_, response) => response.end();
  await expect(open()).rejects.toThrow(`The supergraph ${url} is empty.`);
  answer = (_, response) => response.writeHead(304).end();
  await expect(open()).rejects.toThrow(`The supergraph ${url} was answered with status 304.`);
  answer = (_, response) => response.end('x'.repeat(2_000));
  await expect(open({ maxBytes: 1_000 })).rejects.toThrow(
    `The supergraph ${url} has more than 1000 bytes.`,
  );
  answer = (_, response) => response.write('never ending');
  await expect(open({ timeoutMs: 100 })).rejects.toThrow(
    `The supergraph ${url} did not come within 100 ms.`,
  );
  answer = (request) => request.socket.destroy();
  await expect(open()).rejects.toThrow(`The supergraph ${url} cannot be fetched: `);
});

test('nothing listening is said so', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  await expect(
    openSupergraph(`http://127.0.0.1:${port}/supergraph`, { logger: sourceLog() }),
  ).rejects.toThrow(/cannot be fetched: connect ECONNREFUSED/);
});

test('while the server fails the old supergraph stays, with one warning', async () => {
  const log = sourceLog();
  await using source = await openSupergraph(url, { logger: log, pollIntervalMs: 20 });
  const contents = told(source);
  answer = (_, response) => response.writeHead(500).end();
  const since = asked.length;
  await eventually(() => asked.length > since + 3, true);
  const warning = `warn: the supergraph cannot be read, the old one stays (The supergraph ${url} was answered with status 500.)`;
  expect(log.lines).toEqual([warning]);
  expect(source.supergraphSdl).toBe('first');
  answer = sdl('second');
  await eventually(() => contents, ['second']);
  expect(log.lines).toEqual([warning, 'info: the supergraph can be read again']);
});

test('the end does not wait for an answer that does not come', async () => {
  const source = await openSupergraph(url, { logger: sourceLog(), pollIntervalMs: 20 });
  answer = () => undefined;
  const since = asked.length;
  told(source);
  await eventually(() => asked.length > since, true);
  await source[Symbol.asyncDispose]();
  expect(source.supergraphSdl).toBe('first');
});

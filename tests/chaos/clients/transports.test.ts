// The HTTP clients of a chaos run against small servers: what they hand on, and what counts as an end.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apolloClient } from './transports/apolloClient.ts';
import { multipart } from './transports/multipart.ts';
import { serverSentEvents } from './transports/serverSentEvents.ts';
import type { Transport } from './transports/Transport.ts';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

const serve = async (listener: RequestListener): Promise<string> => {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/graphql`;
};

/** Runs one connection; `stopAfter` results it is stopped. */
const connect = async (transport: Transport, url: string, stopAfter = Infinity) => {
  const stopping = new AbortController();
  const results: unknown[] = [];
  let opened = 0;
  const reason = await transport({
    url,
    apiKey: 'crm_key',
    query: 'subscription ($after: String) { dealEvents(after: $after) { cursor } }',
    variables: { after: 'beginning' },
    opened: () => {
      opened += 1;
    },
    received: ({ data }) => {
      results.push(data?.['dealEvents']);
      if (results.length === stopAfter) stopping.abort();
    },
    signal: stopping.signal,
  });
  return { reason, results, opened };
};

const next = (cursor: number) => ({ data: { dealEvents: { cursor: String(cursor) } } });

const head = '\r\ncontent-type: application/json\r\n\r\n';

/** How each protocol begins, frames a result, and gives a sign of life. */
const protocols = {
  sse: {
    contentType: 'text/event-stream',
    begin: ':\n\n',
    frame: (cursor: number) => `event: next\ndata: ${JSON.stringify(next(cursor))}\n\n`,
    heartbeat: ':\n\n',
    accept: /text\/event-stream/,
  },
  multipart: {
    contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    begin: '--graphql',
    frame: (cursor: number) => `${head}${JSON.stringify({ payload: next(cursor) })}\r\n--graphql`,
    heartbeat: `${head}{}\r\n--graphql`,
    accept: /multipart\/mixed/,
  },
};

describe.each([
  ['graphql-sse', serverSentEvents, protocols.sse],
  ['the multipart reader', multipart, protocols.multipart],
  ['Apollo Client', apolloClient, protocols.multipart],
])('%s', (_, transport, { contentType, begin, frame, heartbeat, accept }) => {
  test('hands on each result, and ends when the connection is cut', async () => {
    const asked: unknown[] = [];
    const url = await serve(async (request, response) => {
      asked.push(request.headers['x-api-key'], request.headers.accept);
      response.writeHead(200, { 'content-type': contentType });
      response.write(begin);
      for (let cursor = 1; cursor <= 3; cursor++) response.write(frame(cursor));
      response.write(heartbeat);
      setTimeout(() => response.destroy(), 100);
    });
    const { results, opened, reason } = await connect(transport, url);
    expect(results).toEqual([{ cursor: '1' }, { cursor: '2' }, { cursor: '3' }]);
    expect(opened).toBe(1);
    expect(reason).not.toBe('stopped');
    expect(asked).toEqual(['crm_key', expect.stringMatching(accept)]);
  });

  test('stops when it is told to', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': contentType });
      response.write(begin + frame(1));
    });
    const { results, reason } = await connect(transport, url, 1);
    expect(results).toEqual([{ cursor: '1' }]);
    expect(reason).toBe('stopped');
  });

  test('a refusal is an end without results', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(503, { 'content-type': 'application/json' });
      response.end('{"errors":[{"message":"Later"}]}');
    });
    const { results, opened, reason } = await connect(transport, url);
    expect({ results, opened }).toEqual({ results: [], opened: 0 });
    expect(reason).toMatch(/503/);
  });

  test('nobody there is an end without results', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    const { results, reason } = await connect(transport, url);
    expect(results).toEqual([]);
    expect(reason).toMatch(/ECONNREFUSED|fetch failed/);
  });
});

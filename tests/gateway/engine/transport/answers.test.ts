// What is sent to a subgraph, and which of its answers count as one.
import { once } from 'node:events';
import type { SubgraphError } from '@crm-graph/gateway/engine/transport/SubgraphError';
import { SubgraphTransport } from '@crm-graph/gateway/engine/transport/SubgraphTransport';
import { type Answer, HttpSubgraph, json } from './HttpSubgraph.ts';
import { mutation, query } from './subgraphRequest.ts';

describe('a request to a subgraph', () => {
  let transport: SubgraphTransport;
  beforeEach(() => {
    transport = new SubgraphTransport({ retries: 0 });
  });
  afterEach(() => transport[Symbol.asyncDispose]());

  const answeredWith = async (answer: Answer) => {
    await using server = await HttpSubgraph.start(answer);
    return await transport.send(server.subgraph, query());
  };

  it('is a POST of the body with the forwarded headers and those of GraphQL over HTTP', async () => {
    await using server = await HttpSubgraph.start();
    const headers = { authorization: 'Bearer x', 'x-request-id': '7', accept: 'text/html' };
    await expect(transport.send(server.subgraph, query({ headers }))).resolves.toBe('{"data":{}}');
    expect(server.requests).toEqual([
      {
        method: 'POST',
        url: '/graphql',
        body: '{"query":"{deals{title}}"}',
        headers: {
          authorization: 'Bearer x',
          'x-request-id': '7',
          accept: 'application/graphql-response+json, application/json',
          'content-type': 'application/json',
          'content-length': '26',
          connection: 'keep-alive',
          host: `127.0.0.1:${server.port}`,
        },
      },
    ]);
  });

  it('keeps the query string of the URL', async () => {
    await using server = await HttpSubgraph.start();
    const { name, url } = server.subgraph;
    await transport.send({ name, url: `${url}?tenant=a` }, query());
    expect(server.requests[0]?.url).toBe('/graphql?tenant=a');
  });

  it('uses connections again', async () => {
    await using server = await HttpSubgraph.start();
    for (let count = 0; count < 20; count++) await transport.send(server.subgraph, query());
    expect(server.requests).toHaveLength(20);
    /* Undici frees a connection a turn of the event loop after its answer: two take turns. */
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('waits for a connection where all that may be opened are in use', async () => {
    await using few = new SubgraphTransport({ connectionsPerSubgraph: 2 });
    await using server = await HttpSubgraph.start((response, { body }) => {
      setTimeout(() => response.writeHead(200, json).end(body), 5);
    });
    const bodies = Array.from({ length: 20 }, (_, index) => `{"query":"{a${index}}"}`);
    const answers = bodies.map((body) => few.send(server.subgraph, query({ body })));
    await expect(Promise.all(answers)).resolves.toEqual(bodies);
    expect(server.connections).toBe(2);
  });

  it.each([
    [200, 'application/json'],
    [200, 'application/json; charset=utf-8'],
    [200, 'application/graphql-response+json;charset=utf-8'],
    [200, 'Application/JSON'],
    [400, 'application/graphql-response+json'],
    [401, 'application/json'],
    [500, 'application/json'],
    [503, 'application/json'],
  ])('gets the text of an answer with status %d and type %s', async (status, type) => {
    const text = '{"errors":[{"message":"zu spät"}]}';
    const answer = answeredWith((response) => {
      response.writeHead(status, { 'content-type': type }).end(text);
    });
    await expect(answer).resolves.toBe(text);
  });

  it('gets the text of an answer with status 200 that does not say its type', async () => {
    const text = '{"data":{}}';
    await expect(answeredWith((response) => response.end(text))).resolves.toBe(text);
  });

  it('gets a long text whole, however its characters are cut into chunks', async () => {
    const text = JSON.stringify({ data: { title: 'ä€😀'.repeat(50_000) } });
    const bytes = Buffer.from(text);
    const answer = answeredWith(async (response) => {
      response.writeHead(200, json);
      for (let at = 0; at < bytes.length; at += 40_001) {
        if (!response.write(bytes.subarray(at, at + 40_001))) await once(response, 'drain');
      }
      response.end();
    });
    await expect(answer).resolves.toBe(text);
  });

  it('gets the answer that follows an early hint', async () => {
    const answer = answeredWith((response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(200, json).end('{"data":{}}');
    });
    await expect(answer).resolves.toBe('{"data":{}}');
  });

  it.each([
    [200, 'text/html', 'SUBGRAPH_RESPONSE_INVALID'],
    [200, 'application/jsonp', 'SUBGRAPH_RESPONSE_INVALID'],
    [204, undefined, 'SUBGRAPH_RESPONSE_INVALID'],
    [404, 'text/plain', 'SUBGRAPH_RESPONSE_INVALID'],
    [404, undefined, 'SUBGRAPH_RESPONSE_INVALID'],
    [500, 'text/html', 'SUBGRAPH_UNAVAILABLE'],
    [502, 'text/html', 'SUBGRAPH_UNAVAILABLE'],
    [503, 'application/json', 'SUBGRAPH_UNAVAILABLE'],
  ])('refuses an answer with status %d and type %s as %s', async (status, type, code) => {
    const answer = answeredWith((response) => {
      response.writeHead(status, type === undefined ? {} : { 'content-type': type });
      response.end('{"message":"secret"}');
    });
    const error: SubgraphError = await answer.then(fail, (cause) => cause);
    expect(error).toMatchObject({ code, subgraph: 'deals', extensions: { code } });
    expect(error.message).toMatch(/^The subgraph "deals" (is unavailable|gave an answer)/);
    expect(error.message).not.toContain('secret');
    expect(error.cause).toContain(`status ${status}`);
  });

  it('refuses a compressed answer, which it did not ask for', async () => {
    const answer = answeredWith((response) => {
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('x');
    });
    await expect(answer).rejects.toMatchObject({ code: 'SUBGRAPH_RESPONSE_INVALID' });
  });

  it('does not follow a redirect', async () => {
    await using server = await HttpSubgraph.start((response) => {
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await expect(transport.send(server.subgraph, mutation())).rejects.toMatchObject({
      code: 'SUBGRAPH_RESPONSE_INVALID',
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each(['', '/graphql', 'ftp://127.0.0.1/'])('fails where the URL is "%s"', async (url) => {
    await expect(transport.send({ name: 'deals', url }, query())).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    });
  });

  it('fails where a header cannot be sent, and the subgraph is not blamed', async () => {
    await using server = await HttpSubgraph.start();
    await using strict = new SubgraphTransport({ circuit: { consecutiveFailures: 1 } });
    const headers = { 'x-name': 'a\nb' };
    await expect(strict.send(server.subgraph, query({ headers }))).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    });
    expect(strict.status()).toEqual({ deals: 'closed' });
  });

  it('follows a subgraph that has moved, and tells its state by its name', async () => {
    await using before = await HttpSubgraph.start();
    await using after = await HttpSubgraph.start();
    await transport.send(before.subgraph, query());
    await transport.send(after.subgraph, query());
    await transport.send(before.subgraph, query());
    expect([before.requests.length, after.requests.length]).toEqual([2, 1]);
    expect(transport.status()).toEqual({ deals: 'closed' });
  });

  it('fails when the transport is disposed of, under way or later', async () => {
    await using server = await HttpSubgraph.start(() => undefined);
    await using other = await HttpSubgraph.start();
    const underWay = transport.send(server.subgraph, query());
    const failed = expect(underWay).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    await transport[Symbol.asyncDispose]();
    await failed;
    for (const { subgraph } of [server, other]) {
      await expect(transport.send(subgraph, query())).rejects.toMatchObject({
        code: 'SUBGRAPH_UNAVAILABLE',
      });
    }
  });
});

const fail = (): never => {
  throw new TypeError('it was answered');
};

// Which headers of a client reach subgraphs, and who shares what is in flight with whom.
import { canBeForwarded, forwardedHeaders } from '@crm-graph/gateway/bare/forwardedHeaders';
import { sampleServer } from './sampleServer.ts';

const tracing = { traceparent: '00-a', tracestate: 'b=c', 'x-request-id': 'r1' };

it('only tracing is sent on unless more is named', () => {
  const forward = forwardedHeaders([]);
  expect(forward({ ...tracing, authorization: 'Bearer x', cookie: 'y', host: 'z' })).toEqual({
    headers: tracing,
    identity: '',
  });
  expect(forward({ authorization: 'Bearer x' })).toEqual({ headers: {}, identity: '' });
});

it('named headers are sent on and make the identity, whatever their case', () => {
  const forward = forwardedHeaders(['Authorization', 'x-tenant', 'AUTHORIZATION']);
  const { headers, identity } = forward({ authorization: 'Bearer x', 'x-tenant': 't' });
  expect(headers).toEqual({ authorization: 'Bearer x', 'x-tenant': 't' });
  expect(forward({ ...tracing, authorization: 'Bearer x', 'x-tenant': 't' }).identity).toBe(
    identity,
  );
});

it('two requests have one identity only where all named headers are the same', () => {
  const forward = forwardedHeaders(['a', 'b']);
  const given = [
    {},
    { a: '' },
    { b: '' },
    { a: '', b: '' },
    { a: 'x' },
    { b: 'x' },
    { a: 'x', b: 'y' },
    { a: 'y', b: 'x' },
    { a: 'x=y' },
    { a: '=x' },
    { a: 'x, y' },
  ];
  expect(new Set(given.map((headers) => forward(headers).identity)).size).toBe(given.length);
});

it('a tracing header that is named does not part those who share', () => {
  const forward = forwardedHeaders(['x-request-id']);
  expect(forward({ 'x-request-id': '1' }).identity).toBe(forward({ 'x-request-id': '2' }).identity);
});

it('what belongs to the connection, or is no header, cannot be sent on', () => {
  expect(['authorization', 'X-Tenant', 'accept-language', 'cookie'].map(canBeForwarded)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  const bad = [
    '',
    'a b',
    'a:b',
    'a\n',
    'Host',
    'content-length',
    'Connection',
    'content-type',
    'constructor',
  ];
  expect(bad.filter(canBeForwarded)).toEqual([]);
});

it('an execution is given what was sent on', async () => {
  await using server = await sampleServer({ forwardHeaders: ['authorization'], timeoutMs: 4_000 });
  const before = Date.now();
  await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer x',
      cookie: 'secret',
      'x-request-id': 'r1',
    },
    body: '{"query":"{ hello }","variables":{"unused":1}}',
  });
  const [request] = server.executor.requests;
  expect(request).toMatchObject({
    headers: { authorization: 'Bearer x', 'x-request-id': 'r1' },
    identity: '=Bearer x',
    variables: { unused: 1 },
  });
  expect(Object.keys(request?.headers ?? {}).sort()).toEqual(['authorization', 'x-request-id']);
  expect(request?.deadline).toBeGreaterThanOrEqual(before + 4_000);
  expect(request?.deadline).toBeLessThanOrEqual(Date.now() + 4_000);
});

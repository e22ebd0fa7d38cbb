// The specification's own audits (graphql-http), each by its name: on the CRM's graph as anybody and as somebody, and
// on the bare engine.

import { serveEngine } from '@crm-graph/gateway/bare/serveEngine';
import type { RunningServer } from '@crm-graph/gateway/bare/serveExecutor';
import { type Audit, serverAudits } from 'graphql-http';
import { newOrganization, stack } from '../../stack.ts';
import { rememberingLogger } from '../bare/sampleServer.ts';

const audits = serverAudits({ url: 'http://127.0.0.1/' }).map(
  ({ id, name }) => [id, name] as const,
);

const auditOf = (
  id: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Audit | undefined =>
  serverAudits({
    url,
    fetchFn: (input: string, init: RequestInit = {}) =>
      fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
  }).find((audit) => audit.id === id);

test('there are 61 of them', () => expect(audits).toHaveLength(61));

describe('the development graph', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await newOrganization('Audited'));
  });

  it.each(audits)('without credentials: %s %s', async (id) => {
    const result = await auditOf(id, stack().graphUrl)?.fn();
    expect(result).toMatchObject({ status: 'ok' });
  });

  it.each(audits)('with a token: %s %s', async (id) => {
    const result = await auditOf(id, stack().graphUrl, { authorization: `Bearer ${token}` })?.fn();
    expect(result).toMatchObject({ status: 'ok' });
  });
});

describe('the bare engine', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await serveEngine({
      supergraph: 'schema/supergraph.graphql',
      pollMs: 10_000,
      host: '127.0.0.1',
      port: 0,
      timeoutMs: 5_000,
      subgraphTimeoutMs: 5_000,
      maxBodyBytes: 10_000,
      forwardHeaders: [],
      logger: rememberingLogger([]),
    });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it.each(audits)('%s %s', async (id) => {
    expect(await auditOf(id, server.url)?.fn()).toMatchObject({ status: 'ok' });
  });
});

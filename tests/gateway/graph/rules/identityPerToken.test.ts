// Decisions are kept by identity, so requests with the same token must bring the same object.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Authorizer } from '@crm-graph/gateway/graph/rules/Authorizer';
import { guardsOf } from '@crm-graph/gateway/graph/rules/guards';
import { ApiKeyExchange } from '@crm-graph/gateway/identity/ApiKeyExchange';
import { Authenticator } from '@crm-graph/gateway/identity/Authenticator';
import type { Revocations } from '@crm-graph/shared/identity/Revocations';
import { TokenVerifier } from '@crm-graph/shared/identity/TokenVerifier';
import { createLogger } from '@crm-graph/shared/logger';
import { buildSchema, parse } from 'graphql';
import jsonwebtoken from 'jsonwebtoken';
import { countedRule } from './countedRule.ts';

const internalSecret = 'a-secret-of-at-least-thirty-two-characters';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const subject = '0199f3a0-0000-7000-8000-000000000002';

const tokenOf = (claims: { role: string; kind: string; scopes?: string[] }): string =>
  jsonwebtoken.sign(
    { sub: subject, org: '0199f3a0-0000-7000-8000-000000000001', ...claims },
    privateKey,
    {
      algorithm: 'ES256',
      keyid: 'known',
      issuer: 'crm-graph',
      audience: 'crm-graph',
      expiresIn: 600,
    },
  );

describe('an identity', () => {
  let auth: Server;
  let authenticator: Authenticator;

  beforeAll(async () => {
    const keyToken = tokenOf({ role: 'PARTNER', kind: 'key', scopes: ['tasks:read'] });
    auth = createServer((request, response) => {
      const isKey = request.url === '/internal/api-key';
      const expiresAt = new Date(Date.now() + 600_000);
      const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'known' };
      request.resume();
      response.end(JSON.stringify(isKey ? { accessToken: keyToken, expiresAt } : { keys: [jwk] }));
    });
    await new Promise<void>((resolve) => auth.listen(0, '127.0.0.1', resolve));
    const authUrl = `http://127.0.0.1:${(auth.address() as AddressInfo).port}`;
    const logger = createLogger({ service: 'test', level: 'error' });
    authenticator = new Authenticator(
      new TokenVerifier({ jwksUrl: `${authUrl}/jwks.json`, logger }),
      new ApiKeyExchange({ authUrl, internalSecret }),
      { isRevoked: () => false } as unknown as Revocations,
    );
  });
  afterAll(() => {
    auth.closeAllConnections();
    auth.close();
  });

  it('is one object per token, and another for another token of the same subject', async () => {
    const [user, manager] = ['USER', 'MANAGER'].map((role) => tokenOf({ role, kind: 'user' }));
    const as = (token?: string) => authenticator.authenticate({ authorization: `Bearer ${token}` });
    const first = await as(user);
    expect(first).toMatchObject({ subject, role: 'USER' });
    expect(await as(user)).toBe(first);
    const other = await as(manager);
    expect(other).toMatchObject({ subject, role: 'MANAGER' });
    expect(await as(manager)).toBe(other);
    expect(await as(user)).toBe(first);
  });

  it('is one object per API key', async () => {
    const first = await authenticator.authenticate({ apiKey: 'crm_a_key' });
    expect(first).toMatchObject({ kind: 'key', scopes: ['tasks:read'] });
    expect(await authenticator.authenticate({ apiKey: 'crm_a_key' })).toBe(first);
  });

  it('is decided about once for all requests with its token', async () => {
    const schema = buildSchema('type Query { a: Int, b: Int }');
    const { rule, asked } = countedRule('managers', (of) => of?.role === 'MANAGER');
    const authorizer = new Authorizer(schema, guardsOf(schema, { Query: { '*': rule } }));
    const prepared = authorizer.prepare(parse('{ a b }'), undefined);
    const tokens = ['USER', 'MANAGER'].map((role) => tokenOf({ role, kind: 'user' }));
    const denied: number[] = [];
    for (const token of [...tokens, ...tokens, ...tokens]) {
      const identity = await authenticator.authenticate({ authorization: `Bearer ${token}` });
      const context = { identity, requestId: 'r', traceparent: 't', deadline: 0, caller: 'c' };
      denied.push((await authorizer.decide(prepared, {}, context))?.size ?? 0);
    }
    expect(denied).toEqual([2, 0, 2, 0, 2, 0]);
    expect(asked).toHaveLength(2);
  });
});

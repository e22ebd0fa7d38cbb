// API keys: shown once, limited to their scopes, exchanged by services alone, ended at once.

import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import jsonwebtoken from 'jsonwebtoken';
import { Client } from 'pg';
import { dataOf, graphql, newOrganization, stack } from '../stack.ts';
import { claimsOf, newUser, password } from './accounts.ts';

interface Created {
  createApiKey: {
    apiKey: { id: string; scopes: string[]; revokedAt: string | null } | null;
    secret: string | null;
    userErrors: { code: string; field: string[] }[];
  };
}

const createApiKey = async (token: string, input: Record<string, unknown> = {}) =>
  (
    await dataOf<Created>(
      `mutation CreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) {
        apiKey { id name scopes expiresAt revokedAt createdBy { email } } secret userErrors { code field }
      } }`,
      { input: { name: 'A partner', scopes: ['users:read'], ...input } },
      { token },
    )
  ).createApiKey;

const exchange = async (
  key: unknown,
  token = mintServiceToken(stack().internalSecret, undefined),
): Promise<{ status: number; body: { accessToken?: string; expiresAt?: string } }> => {
  const response = await fetch(`${stack().subgraphUrls.auth}/internal/api-key`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ key }),
  });
  return { status: response.status, body: (await response.json()) as object };
};

describe('API keys', () => {
  test('a key is shown once and not stored', async () => {
    const { token } = await newOrganization();
    const { secret, apiKey, userErrors } = await createApiKey(token);
    expect(userErrors).toEqual([]);
    expect(secret).toMatch(/^crm_[\w-]{43}_[\w-]{43}$/);
    const { apiKeys } = await dataOf<{ apiKeys: { nodes: object[] } }>(
      '{ apiKeys { nodes { id name scopes revokedAt lastUsedAt } } }',
      {},
      { token },
    );
    expect(apiKeys.nodes).toEqual([
      {
        id: apiKey?.id,
        name: 'A partner',
        scopes: ['users:read'],
        revokedAt: null,
        lastUsedAt: null,
      },
    ]);
    const client = new Client(stack().databaseUrl);
    await client.connect();
    try {
      const random = secret?.slice(-43);
      for (const table of ['api_key', 'idempotency_key', 'event']) {
        const { rows } = await client.query(
          `SELECT count(*)::int AS found FROM auth.${table} AS r WHERE strpos(to_jsonb(r)::text, $1) > 0`,
          [random],
        );
        expect(rows).toEqual([{ found: 0 }]);
      }
    } finally {
      await client.end();
    }
  });

  test('the same idempotency key gives the same API key, without its secret', async () => {
    const { token } = await newOrganization();
    const input = { idempotencyKey: 'once' };
    const first = await createApiKey(token, input);
    const again = await createApiKey(token, input);
    expect(again.apiKey?.id).toBe(first.apiKey?.id);
    expect(again.secret).toBeNull();
  });

  test('a service exchanges a key for a token with the scopes of the key', async () => {
    const { token } = await newOrganization();
    const { secret, apiKey } = await createApiKey(token, { scopes: ['users:read', 'deals:read'] });
    const { status, body } = await exchange(secret);
    expect(status).toBe(200);
    expect(claimsOf(body.accessToken ?? '')).toMatchObject({
      sub: apiKey?.id,
      org: claimsOf(token).org,
      role: 'PARTNER',
      kind: 'key',
      scopes: ['users:read', 'deals:read'],
    });
    const url = `${stack().subgraphUrls.auth}/graphql`;
    const key = { token: body.accessToken ?? '', url };
    expect((await graphql('{ users { totalCount } me { id } }', {}, key)).data).toEqual({
      users: { totalCount: 1 },
      me: null,
    });
    const { errors } = await graphql('{ apiKeys { totalCount } }', {}, key);
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });

  test('the graph takes a key as x-api-key, until it is revoked', async () => {
    const { token } = await newOrganization();
    const { secret, apiKey } = await createApiKey(token);
    const ask = () => graphql('{ users { totalCount } }', {}, { apiKey: secret ?? '' });
    expect((await ask()).data).toEqual({ users: { totalCount: 1 } });
    const { revokeApiKey } = await dataOf<{
      revokeApiKey: { apiKey: { revokedAt: string }; userErrors: unknown[] };
    }>(
      `mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
        apiKey { revokedAt } userErrors { code } } }`,
      { input: { id: apiKey?.id } },
      { token },
    );
    expect(revokeApiKey.userErrors).toEqual([]);
    expect(revokeApiKey.apiKey.revokedAt).toBeTruthy();
    expect((await exchange(secret)).status).toBe(401);
    let code: unknown;
    for (let tries = 0; tries < 50 && code === undefined; tries++) {
      code = (await ask()).errors?.[0]?.extensions?.code;
      if (code === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(code).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['an unknown scope', { scopes: ['everything'] }, 'INVALID', 'scopes'],
    ['no scope', { scopes: [] }, 'REQUIRED', 'scopes'],
    ['the scope to manage', { scopes: ['organization:manage'] }, 'INVALID', 'scopes'],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'INVALID', 'expiresAt'],
    ['an empty name', { name: ' ' }, 'REQUIRED', 'name'],
  ])('%s is refused', async (_what, input, code, field) => {
    const { token } = await newOrganization();
    expect(await createApiKey(token, input)).toEqual({
      apiKey: null,
      secret: null,
      userErrors: [{ code, field: ['input', field] }],
    });
  });

  test('only an administrator makes, lists and revokes them', async () => {
    const { email } = await newUser('MANAGER');
    const { login } = await dataOf<{ login: { accessToken: string } }>(
      'mutation($input: LoginInput!) { login(input: $input) { accessToken } }',
      { input: { email, password } },
    );
    for (const operation of [
      '{ apiKeys { totalCount } }',
      'mutation { createApiKey(input: { name: "x", scopes: ["deals:read"] }) { secret } }',
      'mutation { revokeApiKey(input: { id: "x" }) { apiKey { id } } }',
    ]) {
      const { errors } = await graphql(operation, {}, { token: login.accessToken });
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
        rule: 'can organization:manage',
      });
    }
  });

  test('a key of another organization cannot be revoked', async () => {
    const one = await newOrganization();
    const other = await newOrganization();
    const { apiKey, secret } = await createApiKey(one.token);
    const { revokeApiKey } = await dataOf<{ revokeApiKey: { userErrors: object[] } }>(
      'mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { code } } }',
      { input: { id: apiKey?.id } },
      { token: other.token },
    );
    expect(revokeApiKey.userErrors).toEqual([{ code: 'NOT_FOUND' }]);
    expect((await exchange(secret)).status).toBe(200);
  });

  test('a key that expires gives no token beyond its end', async () => {
    const { token } = await newOrganization();
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    const { secret } = await createApiKey(token, { expiresAt });
    const { body } = await exchange(secret);
    expect(new Date(body.expiresAt ?? '').getTime()).toBeLessThanOrEqual(Date.parse(expiresAt));
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await exchange(secret)).status).toBe(401);
  });

  test('only services exchange keys, and only keys', async () => {
    const { token, refreshToken } = await newOrganization();
    const { secret } = await createApiKey(token);
    expect((await exchange(secret, token)).status).toBe(403);
    expect((await exchange(secret, 'nonsense')).status).toBe(401);
    const forged = jsonwebtoken.sign({ role: 'SERVICE', kind: 'service' }, 'x'.repeat(32));
    expect((await exchange(secret, forged)).status).toBe(401);
    expect((await exchange(`${secret?.slice(0, -5)}AAAAA`)).status).toBe(401);
    expect((await exchange(refreshToken)).status).toBe(401);
    expect((await exchange(42)).status).toBe(400);
    expect((await exchange(undefined)).status).toBe(400);
  });
});

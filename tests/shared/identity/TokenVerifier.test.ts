// Tokens as an attacker would make them, against the verifier that every process uses.
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { TokenVerifier } from '@crm-graph/shared/identity/TokenVerifier';
import { createLogger } from '@crm-graph/shared/logger';
import jsonwebtoken from 'jsonwebtoken';

const secret = 'a-secret-of-at-least-thirty-two-characters';
const organizationId = '0199f3a0-0000-7000-8000-000000000001';
const userId = '0199f3a0-0000-7000-8000-000000000002';
const sessionId = '0199f3a0-0000-7000-8000-000000000003';
const logger = createLogger({ service: 'test', level: 'error' });

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const known = pair();
const stranger = pair();

const claims = {
  sub: userId,
  org: organizationId,
  role: 'MANAGER',
  kind: 'user',
  sid: sessionId,
  iss: 'crm-graph',
  aud: 'crm-graph',
};

const signed = (
  changes: Record<string, unknown> = {},
  { key = known.privateKey, kid = 'known' }: { key?: KeyObject; kid?: string } = {},
): string => {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const payload = Object.fromEntries(
    Object.entries({ ...claims, exp, ...changes }).filter(([, value]) => value !== undefined),
  );
  return jsonwebtoken.sign(payload, key, { algorithm: 'ES256', keyid: kid });
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('TokenVerifier', () => {
  let server: Server;
  let jwksUrl: string;
  let fetches = 0;
  let published: { kid: string; key: KeyObject }[] = [];
  let up = true;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      fetches += 1;
      if (!up) {
        response.writeHead(503).end();
        return;
      }
      const keys = published.map(({ kid, key }) => ({ ...key.export({ format: 'jwk' }), kid }));
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });

  afterAll(() => {
    server.close();
  });

  beforeEach(() => {
    fetches = 0;
    up = true;
    published = [{ kid: 'known', key: known.publicKey }];
  });

  const verifier = (internalSecret: string | undefined = secret): TokenVerifier =>
    new TokenVerifier({ jwksUrl, internalSecret, logger });

  const refusal = async (token: string, by = verifier()): Promise<unknown> =>
    by.verify(token).then(
      () => 'accepted',
      (error: { code?: string }) => error.code,
    );

  test('a token of auth becomes the identity it states', async () => {
    const token = signed();
    const identity = await verifier().verify(token);
    expect(identity).toMatchObject({
      kind: 'user',
      subject: userId,
      organizationId,
      role: 'MANAGER',
      sessionId,
      token,
    });
    expect(identity.permissions.has('deals:delete')).toBe(true);
    expect(identity.permissions.has('organization:manage')).toBe(false);
    expect(identity.expiresAt).toBeGreaterThan(Date.now());
  });

  test('an API key has the permissions of its scopes and none of its role', async () => {
    const token = signed({ kind: 'key', role: 'PARTNER', sid: undefined, scopes: ['tasks:read'] });
    const identity = await verifier().verify(token);
    expect([...identity.permissions]).toEqual(['tasks:read']);
  });

  test('an API key without scopes has no permissions', async () => {
    const token = signed({ kind: 'key', role: 'ADMIN', sid: undefined });
    expect((await verifier().verify(token)).permissions.size).toBe(0);
  });

  test('the key set is fetched once for many tokens', async () => {
    const one = verifier();
    await Promise.all(Array.from({ length: 20 }, (_, index) => one.verify(signed({ jti: index }))));
    expect(fetches).toBe(1);
  });

  test('an unsigned token (alg none) is refused', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const body = part({ ...claims, exp });
    for (const alg of ['none', 'None', 'NONE', '']) {
      expect(await refusal(`${part({ alg, typ: 'JWT', kid: 'known' })}.${body}.`)).toBe(
        'UNAUTHENTICATED',
      );
    }
  });

  test('HS256 with the public key as the secret is refused', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const input = `${part({ alg: 'HS256', kid: 'known' })}.${part({ ...claims, exp })}`;
    for (const publicKey of [
      known.publicKey.export({ type: 'spki', format: 'pem' }),
      known.publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(known.publicKey.export({ format: 'jwk' })),
    ]) {
      const signature = createHmac('sha256', publicKey).update(input).digest('base64url');
      expect(await refusal(`${input}.${signature}`)).toBe('UNAUTHENTICATED');
    }
  });

  test('another algorithm is refused, whatever signed it', async () => {
    const hs512 = jsonwebtoken.sign({ ...claims, role: 'SERVICE', kind: 'service' }, secret, {
      algorithm: 'HS512',
      expiresIn: 60,
    });
    expect(await refusal(hs512)).toBe('UNAUTHENTICATED');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rs256 = jsonwebtoken.sign(claims, privateKey, {
      algorithm: 'RS256',
      keyid: 'known',
      expiresIn: 60,
    });
    expect(await refusal(rs256)).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['expired', signed({ exp: Math.floor(Date.now() / 1000) - 1 })],
    ['without an expiry', signed({ exp: undefined })],
    ['for another audience', signed({ aud: 'elsewhere' })],
    ['of another issuer', signed({ iss: 'elsewhere' })],
    ['without a subject', signed({ sub: undefined })],
    ['without an organization', signed({ org: undefined })],
    ['with an organization that is no UUID', signed({ org: "' or true --" })],
    ['with an unknown role', signed({ role: 'ROOT' })],
    ['with an unknown scope', signed({ kind: 'key', scopes: ['everything'] })],
    ['not valid yet', signed({ nbf: Math.floor(Date.now() / 1000) + 60 })],
    ['of a stranger under a known kid', signed({}, { key: stranger.privateKey })],
    ['of an unknown kid', signed({}, { key: stranger.privateKey, kid: 'unknown' })],
    ['of the role SERVICE, signed by auth', signed({ role: 'SERVICE' })],
    ['of the kind service, signed by auth', signed({ kind: 'service' })],
  ])('a token %s is refused', async (_what, token) => {
    expect(await refusal(token)).toBe('UNAUTHENTICATED');
  });

  test.each(['', 'x', 'a.b.c', '..', `${'x'.repeat(10_000)}.y.z`, 'null', '[object Object]'])(
    'what is no token is refused: %.20s',
    async (text) => {
      expect(await refusal(text)).toBe('UNAUTHENTICATED');
    },
  );

  test('a changed claim breaks the signature', async () => {
    const [header, , signature] = signed().split('.');
    const exp = Math.floor(Date.now() / 1000) + 60;
    const forged = `${header}.${part({ ...claims, exp, role: 'ADMIN' })}.${signature}`;
    expect(await refusal(forged)).toBe('UNAUTHENTICATED');
  });

  test('a service token is accepted with its secret, for its organization or for none', async () => {
    const one = await verifier().verify(mintServiceToken(secret, organizationId));
    expect(one).toMatchObject({ kind: 'service', role: 'SERVICE', organizationId });
    expect([...one.permissions]).toEqual(['events:read']);
    const none = await verifier().verify(mintServiceToken(secret, undefined));
    expect(none.organizationId).toBe('');
    expect(fetches).toBe(0);
  });

  test('a service token of another secret is refused, and every one where there is none', async () => {
    const other = mintServiceToken('another-secret-of-thirty-two-characters', organizationId);
    expect(await refusal(other)).toBe('UNAUTHENTICATED');
    const without = new TokenVerifier({ jwksUrl, logger });
    expect(await refusal(mintServiceToken(secret, organizationId), without)).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('the shared secret signs no other role than SERVICE', async () => {
    const admin = jsonwebtoken.sign({ ...claims, role: 'ADMIN' }, secret, { expiresIn: 60 });
    expect(await refusal(admin)).toBe('UNAUTHENTICATED');
  });

  test('a cached token is refused once it has expired', async () => {
    const one = verifier();
    const token = signed({ exp: Math.floor(Date.now() / 1000) + 1 });
    await one.verify(token);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await refusal(token, one)).toBe('UNAUTHENTICATED');
  });

  test('unknown kids cause few fetches, and known ones still pass meanwhile', async () => {
    const one = verifier();
    await one.verify(signed());
    for (let index = 0; index < 50; index++) {
      await refusal(signed({}, { key: stranger.privateKey, kid: `made-up-${index}` }), one);
    }
    await one.verify(signed({ jti: 'another' }));
    expect(fetches).toBeLessThanOrEqual(2);
  });

  test('a new key is fetched when its first token comes', async () => {
    const one = verifier();
    await one.verify(signed());
    published.push({ kid: 'next', key: stranger.publicKey });
    await new Promise((resolve) => setTimeout(resolve, 3_100));
    const token = signed({}, { key: stranger.privateKey, kid: 'next' });
    expect((await one.verify(token)).subject).toBe(userId);
  });

  test('while auth is down, known keys still verify and unknown ones are unavailable', async () => {
    const one = verifier();
    await one.verify(signed());
    up = false;
    expect((await one.verify(signed({ jti: 'later' }))).subject).toBe(userId);
    expect(await refusal(signed(), verifier())).toBe('SUBGRAPH_UNAVAILABLE');
  });

  test('a verifier that starts before auth is there recovers by itself', async () => {
    up = false;
    const one = verifier();
    const first = one.verify(signed());
    setTimeout(() => {
      up = true;
    }, 300);
    expect((await first).subject).toBe(userId);
  });
});

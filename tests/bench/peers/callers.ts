// Who sends the requests: access tokens as auth signs them, and the key set that verifies them.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { audience, issuer } from '@crm-graph/shared/identity/claims';
import jsonwebtoken from 'jsonwebtoken';
import type { Peer } from './Peer.ts';

/** Longer than any run. */
const expiresIn = '1d';
const contentType = { 'content-type': 'application/json' };

/** Without accounts: a number tells callers apart, and one alone needs none. */
export const anonymousCallers = (count: number): Peer['callers'] =>
  Array.from({ length: count }, (_, number) => ({
    ...contentType,
    ...(count > 1 && { 'x-caller': String(number) }),
  }));

export interface Members {
  callers: Peer['callers'];
  /** A JWKS document, as JSON. */
  jwks: string;
}

/** Administrators of one organization who have logged in. */
export const memberCallers = (count: number): Members => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const organization = randomUUID();
  const key = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
  return {
    callers: Array.from({ length: count }, () => ({
      ...contentType,
      authorization: `Bearer ${accessToken(organization, privateKey, kid)}`,
    })),
    jwks: JSON.stringify({ keys: [key] }),
  };
};

const accessToken = (org: string, privateKey: KeyObject, keyid: string): string =>
  jsonwebtoken.sign({ org, role: 'ADMIN', kind: 'user', sid: randomUUID() }, privateKey, {
    algorithm: 'ES256',
    keyid,
    subject: randomUUID(),
    issuer,
    audience,
    expiresIn,
  });

// Makes a key pair of P-256 and stores it, its private half encrypted.

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { encryptKey } from '@crm-graph/shared/keyEncryption';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { JWK } from './jwk.ts';
import { SigningKey } from './SigningKey.ts';

/** Returns the new key's kid. It is published at once and signs from `activeFrom` on. */
export const createSigningKey = async (
  manager: EntityManager,
  encryptionKey: Buffer,
  activeFrom: Date,
): Promise<string> => {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const kid = uuidv7();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } as JWK;
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  await manager.insert(SigningKey, {
    kid,
    publicKey: jwk,
    privateKey: encryptKey(pkcs8, kid, encryptionKey),
    activeFrom,
  });
  return kid;
};

/** Held while keys are created, so that two processes that start together make one key. */
export const lockSigningKeys = async (manager: EntityManager): Promise<void> => {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtext('auth.signing_key'))`);
};

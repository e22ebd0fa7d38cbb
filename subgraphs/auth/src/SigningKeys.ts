// Signs access tokens with the current key and lists the public keys to verify them with.
// Keys live in the table; a rotation is noticed without a restart.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { audience, type Claims, issuer } from '@crm-graph/shared/identity/claims';
import jsonwebtoken from 'jsonwebtoken';
import type { DataSource } from 'typeorm';
import { createSigningKey, lockSigningKeys } from './createSigningKey.ts';
import type { JWK } from './jwk.ts';
import { decryptKey } from './keyEncryption.ts';
import { accessTokenMs, keysCachedMs, publishedKeysOf, signingKeyOf } from './keySchedule.ts';
import { SigningKey } from './SigningKey.ts';

export interface AccessToken {
  accessToken: string;
  expiresAt: Date;
}

export class SigningKeys {
  readonly #dataSource: DataSource;
  readonly #encryptionKey: Buffer;
  readonly #privateKeys = new Map<string, KeyObject>();
  #read: { keys: Promise<SigningKey[]>; at: number } | undefined;

  constructor(dataSource: DataSource, encryptionKey: Buffer) {
    this.#dataSource = dataSource;
    this.#encryptionKey = encryptionKey;
  }

  /** Throws when the current key cannot be decrypted: better at the start than at a login. */
  async checkUsable(): Promise<void> {
    const key = signingKeyOf(await this.#keys(), Date.now());
    if (key) this.#privateKey(key);
  }

  /** The key set to publish (RFC 7517). */
  async published(): Promise<{ keys: JWK[] }> {
    const keys = publishedKeysOf(await this.#keys(), Date.now());
    return { keys: keys.map(({ publicKey }) => publicKey) };
  }

  /** An access token of 10 minutes, or less where `notAfter` comes earlier. */
  async sign(claims: Omit<Claims, 'iat' | 'exp'>, notAfter?: Date | null): Promise<AccessToken> {
    const now = Date.now();
    const key = signingKeyOf(await this.#keys(), now);
    if (!key) throw new CrmError('INTERNAL_SERVER_ERROR', 'There is no signing key');
    const latest = Math.min(now + accessTokenMs, notAfter?.getTime() ?? Number.POSITIVE_INFINITY);
    const exp = Math.floor(latest / 1000);
    const accessToken = jsonwebtoken.sign({ ...claims, exp }, this.#privateKey(key), {
      algorithm: 'ES256',
      keyid: key.kid,
      issuer,
      audience,
    });
    return { accessToken, expiresAt: new Date(exp * 1000) };
  }

  /** Makes the first key where there is none. Reads the table at most every `keysCachedMs`. */
  #keys(): Promise<SigningKey[]> {
    if (this.#read && Date.now() - this.#read.at < keysCachedMs) return this.#read.keys;
    const keys = this.#load();
    const read = { keys, at: Date.now() };
    this.#read = read;
    keys.catch(() => {
      if (this.#read === read) this.#read = undefined;
    });
    return keys;
  }

  async #load(): Promise<SigningKey[]> {
    const keys = await this.#dataSource.manager.find(SigningKey);
    if (keys.length > 0) return keys;
    return this.#dataSource.transaction(async (manager) => {
      await lockSigningKeys(manager);
      if ((await manager.count(SigningKey)) === 0) {
        await createSigningKey(manager, this.#encryptionKey, new Date());
      }
      return manager.find(SigningKey);
    });
  }

  #privateKey({ kid, privateKey }: SigningKey): KeyObject {
    const known = this.#privateKeys.get(kid);
    if (known) return known;
    const made = createPrivateKey({
      key: decryptKey(privateKey, kid, this.#encryptionKey),
      format: 'der',
      type: 'pkcs8',
    });
    this.#privateKeys.set(kid, made);
    return made;
  }
}

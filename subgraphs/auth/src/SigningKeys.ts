// Signs access tokens with the current key and lists the public keys to verify them with.
// Keys live in the table; a rotation is noticed without a restart.

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConfigError } from '@crm-graph/shared/config';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { audience, type Claims, issuer } from '@crm-graph/shared/identity/claims';
import { decryptKey } from '@crm-graph/shared/keyEncryption';
import type { Logger } from '@crm-graph/shared/logger';
import jsonwebtoken from 'jsonwebtoken';
import type { DataSource } from 'typeorm';
import { createSigningKey, lockSigningKeys } from './createSigningKey.ts';
import type { JWK } from './jwk.ts';
import { accessTokenMs, publishedKeysOf, signingKeyOf } from './keySchedule.ts';
import { SigningKey } from './SigningKey.ts';

export interface AccessToken {
  accessToken: string;
  expiresAt: Date;
}

const readEveryMs = 5_000;

export class SigningKeys implements AsyncDisposable {
  readonly #dataSource: DataSource;
  readonly #encryptionKey: Buffer;
  readonly #logger: Logger;
  readonly #privateKeys = new Map<string, KeyObject>();
  #keys: SigningKey[] = [];
  #reading: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(dataSource: DataSource, encryptionKey: Buffer, logger: Logger) {
    this.#dataSource = dataSource;
    this.#encryptionKey = encryptionKey;
    this.#logger = logger;
  }

  /**
   * Reads the keys, makes the first one where there is none, and goes on reading beside requests: a
   * request that holds a connection must never wait for another one. Throws when the current key
   * cannot be decrypted: better at the start than at a login.
   */
  async start(): Promise<void> {
    await this.#read();
    const key = signingKeyOf(this.#keys, Date.now());
    try {
      if (key) this.#privateKey(key);
    } catch {
      throw new ConfigError([
        'KEY_ENCRYPTION_KEY: not the key that the stored signing keys were encrypted with',
      ]);
    }
    this.#timer = setInterval(() => {
      this.#reading = this.#reading
        .then(() => this.#read())
        .catch((cause: unknown) => {
          this.#logger.warn('the signing keys could not be read; the known ones stay', { cause });
        });
    }, readEveryMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading;
  }

  /** The key set to publish (RFC 7517). */
  published(): { keys: JWK[] } {
    const keys = publishedKeysOf(this.#keys, Date.now());
    return { keys: keys.map(({ publicKey }) => publicKey) };
  }

  /** An access token of 10 minutes, or less where `notAfter` comes earlier. */
  sign(claims: Omit<Claims, 'iat' | 'exp'>, notAfter?: Date | null): AccessToken {
    const now = Date.now();
    const key = signingKeyOf(this.#keys, now);
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

  async #read(): Promise<void> {
    const keys = await this.#dataSource.manager.find(SigningKey);
    this.#keys = keys.length > 0 ? keys : await this.#makeFirst();
  }

  #makeFirst(): Promise<SigningKey[]> {
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

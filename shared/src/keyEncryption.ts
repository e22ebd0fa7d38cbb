// Keys at rest: AES-256-GCM, laid out as nonce (12 bytes), tag (16), ciphertext.
// The name is authenticated too, so that nobody can put one key's row in another's place.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** `name` says which key of what kind it is; only under the same name it is decrypted again. */
export const encryptKey = (plain: Buffer, name: string, encryptionKey: Buffer): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, encryptionKey, nonce).setAAD(Buffer.from(name));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
};

/** Throws when the row was changed or KEY_ENCRYPTION_KEY is not the one it was written with. */
export const decryptKey = (stored: Buffer, name: string, encryptionKey: Buffer): Buffer => {
  const nonce = stored.subarray(0, nonceBytes);
  const decipher = createDecipheriv(algorithm, encryptionKey, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(stored.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(stored.subarray(nonceBytes + tagBytes)), decipher.final()]);
};

// Keys at rest.
import { randomBytes } from 'node:crypto';
import { decryptKey, encryptKey } from '@crm-graph/shared/keyEncryption';

const encryptionKey = randomBytes(32);
const plain = Buffer.from('a private key');

describe('key encryption', () => {
  test('what was encrypted is decrypted, and never looks the same twice', () => {
    const stored = encryptKey(plain, 'kid', encryptionKey);
    expect(decryptKey(stored, 'kid', encryptionKey)).toEqual(plain);
    expect(stored.includes(plain)).toBe(false);
    expect(encryptKey(plain, 'kid', encryptionKey)).not.toEqual(stored);
  });

  test('another encryption key, another name and a changed byte are noticed', () => {
    const stored = encryptKey(plain, 'kid', encryptionKey);
    expect(() => decryptKey(stored, 'kid', randomBytes(32))).toThrow();
    expect(() => decryptKey(stored, 'other', encryptionKey)).toThrow();
    for (let at = 0; at < stored.length; at++) {
      const changed = Buffer.from(stored);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => decryptKey(changed, 'kid', encryptionKey)).toThrow();
    }
  });
});

// The overlap of signing keys: at no time is there a valid token whose key is not published.
import {
  accessTokenMs,
  keysCachedMs,
  publishedAheadMs,
  publishedKeysOf,
  signingKeyOf,
} from '@crm-graph/auth/keySchedule';

const minute = 60_000;
const at = (ms: number) => ({ name: `from ${ms / minute}`, activeFrom: new Date(ms) });
const first = at(0);
const rotatedAt = 60 * minute;
const second = at(rotatedAt + publishedAheadMs);
const keys = [second, first];

describe('the schedule of signing keys', () => {
  test('a new key is published before it signs', () => {
    expect(publishedKeysOf(keys, rotatedAt)).toContain(second);
    expect(signingKeyOf(keys, rotatedAt)).toBe(first);
    expect(signingKeyOf(keys, rotatedAt + publishedAheadMs)).toBe(second);
  });

  test('the old key stays published until its last token has expired', () => {
    const lastToken = rotatedAt + publishedAheadMs + keysCachedMs;
    expect(publishedKeysOf(keys, lastToken + accessTokenMs - 1)).toContain(first);
    expect(publishedKeysOf(keys, lastToken + accessTokenMs)).toEqual([second]);
  });

  test('a verifier that reads the keys each minute knows the new one in time', () => {
    expect(publishedAheadMs).toBeGreaterThan(keysCachedMs + minute);
  });

  test('every key whose token may still be valid is published, at each second of an hour', () => {
    const many = [at(0), at(3 * minute), at(5 * minute), at(30 * minute)];
    const unpublished: string[] = [];
    for (let now = 0; now < 60 * minute; now += 1_000) {
      const published = new Set(publishedKeysOf(many, now));
      for (let signed = Math.max(0, now - accessTokenMs + 1); signed <= now; signed += 1_000) {
        const key = signingKeyOf(many, signed);
        if (!key || !published.has(key))
          unpublished.push(`${key?.name} signed ${signed}, at ${now}`);
      }
    }
    expect(unpublished).toEqual([]);
  });

  test('without a key nothing signs', () => {
    expect(signingKeyOf([], 0)).toBeUndefined();
    expect(signingKeyOf([at(minute)], 0)).toBeUndefined();
  });
});

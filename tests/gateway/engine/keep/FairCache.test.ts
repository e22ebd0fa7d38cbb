// What is kept, whose share it counts to, and what goes.
import { setTimeout as sleep } from 'node:timers/promises';
import { FairCache, type FairCacheOptions } from '@crm-graph/gateway/engine/keep/FairCache';
import { Weight } from '@crm-graph/gateway/engine/keep/Weight';

class Thing {
  readonly weight = new Weight();

  constructor(bytes: number) {
    this.weight.add(bytes);
  }
}

const cacheOf = (options: Partial<FairCacheOptions> = {}): FairCache<Thing> =>
  new FairCache({ maxBytes: 100, maxBytesPerCaller: 30, maxIdleMs: 60_000, ...options });

const put = (cache: FairCache<Thing>, key: string, caller?: string, bytes = 10): Thing => {
  const thing = new Thing(bytes);
  cache.set(key, thing, caller);
  return thing;
};

const keys = (cache: FairCache<Thing>): string =>
  [...cache.values()].map(({ key, caller }) => (caller ? `${key}:${caller}` : key)).join(' ');

test('what a caller brings beyond its share takes the place of its own oldest', () => {
  const cache = cacheOf();
  put(cache, 'x', 'b');
  for (const key of ['1', '2', '3', '4', '5']) put(cache, key, 'a');
  expect(keys(cache)).toBe('x:b 3:a 4:a 5:a');
  expect(cache.bytes).toBe(40);
});

test('what is used stays longer, in the share as in all', () => {
  const cache = cacheOf({ maxBytes: 50 });
  for (const key of ['1', '2', '3']) put(cache, key, 'a');
  cache.get('1', 'a');
  put(cache, '4', 'a');
  expect(keys(cache)).toBe('3:a 1:a 4:a');
  for (const key of ['x', 'y', 'z']) put(cache, key, 'b');
  expect(keys(cache)).toBe('1:a 4:a x:b y:b z:b');
});

test('what a second caller uses counts to nobody, and is not evicted by the first', () => {
  const cache = cacheOf();
  const shared = put(cache, 'shared', 'a');
  expect(cache.get('shared', 'b')).toBe(shared);
  for (const key of ['1', '2', '3', '4']) put(cache, key, 'a');
  expect(keys(cache)).toBe('shared 2:a 3:a 4:a');
  shared.weight.add(15);
  expect(keys(cache)).toBe('shared 2:a 3:a 4:a');
  expect(cache.bytes).toBe(55);
});

test('what no caller brought has the bound in all', () => {
  const cache = cacheOf({ maxBytes: 50 });
  for (const key of ['1', '2', '3', '4', '5', '6']) put(cache, key);
  expect(keys(cache)).toBe('2 3 4 5 6');
});

test('what grows is weighed again, and its parts when they go', () => {
  const cache = cacheOf();
  const [one, two] = [put(cache, 'one', 'a'), put(cache, 'two', 'a')];
  const part = two.weight.part();
  part.add(9);
  expect(cache.bytes).toBe(29);
  part.remove();
  part.add(50);
  expect(cache.bytes).toBe(20);
  two.weight.add(15);
  expect(keys(cache)).toBe('two:a');
  one.weight.add(1_000);
  expect(cache.bytes).toBe(25);
  two.weight.add(6);
  expect([keys(cache), cache.bytes, cache.size]).toEqual(['', 0, 0]);
});

test('what is too heavy for its share is not kept and takes nothing of others', () => {
  const cache = cacheOf();
  put(cache, 'x', 'b');
  put(cache, 'heavy', 'a', 31);
  expect(keys(cache)).toBe('x:b');
  expect(cache.get('heavy', 'a')).toBeUndefined();
});

test('another of the same key takes its place', () => {
  const cache = cacheOf();
  const old = put(cache, 'one', 'a');
  const next = put(cache, 'one', 'b', 12);
  old.weight.add(1_000);
  expect(cache.get('one', 'b')).toBe(next);
  expect([keys(cache), cache.bytes]).toEqual(['one:b', 12]);
});

test('what nobody has used for long goes when something comes', async () => {
  const cache = cacheOf({ maxIdleMs: 200 });
  put(cache, 'idle', 'a');
  put(cache, 'used', 'a');
  await sleep(150);
  cache.get('used', 'a');
  await sleep(100);
  put(cache, 'new', 'b');
  expect(keys(cache)).toBe('used:a new:b');
});

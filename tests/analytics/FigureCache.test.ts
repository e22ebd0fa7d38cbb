import { randomUUID } from 'node:crypto';
import { FigureCache } from '@crm-graph/analytics/FigureCache';
import { Redis } from 'ioredis';
import { stack } from '../stack.ts';

let redis: Redis;
let cache: FigureCache;
beforeAll(() => {
  redis = new Redis(stack().redisUrl);
  cache = new FigureCache(redis);
});
afterAll(() => redis.quit());

const at = (position: number) =>
  jest.fn(async () => ({ position, value: `figures at ${position}` }));

it('computes once and then remembers, for 5 minutes', async () => {
  const id = randomUUID();
  const compute = at(1);
  await cache.figures(id, 'key', 0, compute);
  expect(await cache.figures(id, 'key', 0, compute)).toEqual({
    position: 1,
    value: 'figures at 1',
  });
  expect(compute).toHaveBeenCalledTimes(1);
  const [entry = ''] = await redis.keys(`analytics:figures:${id}:*`);
  expect(await redis.ttl(entry)).toBeGreaterThan(290);
  expect(await redis.ttl(entry)).toBeLessThanOrEqual(300);
});

it('computes again after a drop, for that organization alone', async () => {
  const [id, other] = [randomUUID(), randomUUID()];
  await cache.figures(id, 'key', 0, at(1));
  await cache.figures(other, 'key', 0, at(1));
  await cache.drop(id);
  expect((await cache.figures(id, 'key', 0, at(2))).position).toBe(2);
  expect((await cache.figures(other, 'key', 0, at(2))).position).toBe(1);
});

it('does not keep figures that were being computed when a change came', async () => {
  const id = randomUUID();
  await cache.figures(id, 'key', 0, async () => {
    await cache.drop(id);
    return { position: 1, value: 'from before the change' };
  });
  expect((await cache.figures(id, 'key', 0, at(2))).value).toBe('figures at 2');
});

it('does not answer with figures older than asked for', async () => {
  const id = randomUUID();
  await cache.figures(id, 'key', 0, at(4));
  expect((await cache.figures(id, 'key', 5, at(5))).position).toBe(5);
  expect((await cache.figures(id, 'key', 5, at(6))).position).toBe(5);
});

it('computes when Redis is away, without waiting long', async () => {
  const away = new Redis({ host: '127.0.0.1', port: 1, retryStrategy: () => null });
  away.on('error', () => undefined);
  const since = performance.now();
  expect((await new FigureCache(away).figures(randomUUID(), 'key', 0, at(1))).position).toBe(1);
  expect(performance.now() - since).toBeLessThan(1_000);
});

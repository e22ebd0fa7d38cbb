// Health of the gateway. It is ready while it can serve: a subgraph or Redis that is down takes only its part away.
import { checkHealth, type HealthCheck } from '@crm-graph/shared/health';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { fetch } from 'undici';

export interface HealthOptions {
  /** Base URL by subgraph. */
  urls: Readonly<Record<string, string>>;
  redis: Redis;
  /** Whether /health tells of each dependency, or only how the whole is. */
  details: boolean;
  isStopping: () => boolean;
}

const timeoutMs = 2_000;
/** For so long a look at the dependencies is good for others, too. */
const sharedMs = 500;

export const healthRoutes = (
  http: FastifyInstance,
  { urls, redis, details, isStopping }: HealthOptions,
): void => {
  const subgraphs = Object.entries(urls).map(([name, url]): [string, HealthCheck] => [
    name,
    () => isReady(url),
  ]);

  http.get('/health/live', async () => ({ status: 'live' }));
  http.get('/health/ready', async (_request, reply) =>
    reply.code(isStopping() ? 503 : 200).send({ status: isStopping() ? 'not ready' : 'ready' }),
  );
  const look = sharedFor(sharedMs, () =>
    checkHealth(Object.fromEntries(subgraphs), { redis: () => redis.ping() }),
  );
  http.get('/health', async (_request, reply) => {
    const health = await look();
    const { status } = health;
    return reply.code(status === 'unhealthy' ? 503 : 200).send(details ? health : { status });
  });
};

/** Anybody may ask, and each look asks all subgraphs: those who ask at once get one answer. */
const sharedFor = <Result>(ms: number, work: () => Promise<Result>): (() => Promise<Result>) => {
  let last: { result: Promise<Result>; until: number } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now >= last.until) last = { result: work(), until: now + ms };
    return last.result;
  };
};

const isReady = async (url: string): Promise<void> => {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  if (!response.ok) throw new TypeError(`not ready: status ${response.status}`);
};

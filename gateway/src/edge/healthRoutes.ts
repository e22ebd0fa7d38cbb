// Health of the gateway. It stays ready while a subgraph is down: the rest of the graph is served.
import { checkHealth, type HealthCheck } from '@crm-graph/shared/health';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { fetch } from 'undici';

export interface HealthOptions {
  /** Base URL by subgraph. */
  urls: Readonly<Record<string, string>>;
  redis: Redis;
  isStopping: () => boolean;
}

const timeoutMs = 2_000;

export const healthRoutes = (
  http: FastifyInstance,
  { urls, redis, isStopping }: HealthOptions,
): void => {
  const subgraphs = Object.entries(urls).map(([name, url]): [string, HealthCheck] => [
    name,
    () => isReady(url),
  ]);
  const checks = { ...Object.fromEntries(subgraphs), redis: () => redis.ping() };

  http.get('/health/live', async () => ({ status: 'live' }));
  http.get('/health/ready', async (_request, reply) => {
    const { status } = await checkHealth({ redis: checks.redis });
    const ready = status !== 'unhealthy' && !isStopping();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  http.get('/health', async (_request, reply) => {
    const health = await checkHealth(checks);
    return reply.code(health.status === 'unhealthy' ? 503 : 200).send(health);
  });
};

const isReady = async (url: string): Promise<void> => {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  if (!response.ok) throw new TypeError(`not ready: status ${response.status}`);
};

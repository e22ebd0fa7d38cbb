// Health of a process by what it depends on: live, ready and in detail.
import type { FastifyInstance } from 'fastify';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface DependencyHealth {
  status: HealthStatus;
  responseTimeMs: number;
  error?: string;
}

export interface Health {
  status: HealthStatus;
  dependencies: Record<string, DependencyHealth>;
}

/** Resolves when the dependency answers, throws when it does not. */
export type HealthCheck = () => Promise<unknown>;

/** Slower than this is degraded: a hundred times what a healthy answer on one network takes. */
const degradedMs = 500;
const timeoutMs = 2_000;

async function checkOne(check: HealthCheck): Promise<DependencyHealth> {
  const started = performance.now();
  const elapsed = () => Math.round((performance.now() - started) * 10) / 10;
  let timer: NodeJS.Timeout | undefined;
  try {
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    await Promise.race([check(), timeout]);
    const responseTimeMs = elapsed();
    return { status: responseTimeMs > degradedMs ? 'degraded' : 'healthy', responseTimeMs };
  } catch (error) {
    const message = error instanceof Error ? error.message || error.name : 'failed';
    return { status: 'unhealthy', responseTimeMs: elapsed(), error: message };
  } finally {
    clearTimeout(timer);
  }
}

/** The whole is as healthy as its least healthy part. */
export async function checkHealth(checks: Record<string, HealthCheck>): Promise<Health> {
  const dependencies = Object.fromEntries(
    await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await checkOne(check)] as const),
    ),
  );
  const found = new Set(Object.values(dependencies).map(({ status }) => status));
  const status = (['unhealthy', 'degraded'] as const).find((one) => found.has(one)) ?? 'healthy';
  return { status, dependencies };
}

/** GET /health/live (the process turns), /health/ready (send traffic), /health (each dependency). */
export function healthRoutes(fastify: FastifyInstance, checks: Record<string, HealthCheck>): void {
  fastify.get('/health/live', async () => ({ status: 'live' }));
  fastify.get('/health/ready', async (_, reply) => {
    const { status } = await checkHealth(checks);
    const ready = status !== 'unhealthy';
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  fastify.get('/health', async (_, reply) => {
    const health = await checkHealth(checks);
    return reply.status(health.status === 'unhealthy' ? 503 : 200).send(health);
  });
}

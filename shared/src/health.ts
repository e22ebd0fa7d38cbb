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

export type HealthChecks = Readonly<Record<string, HealthCheck>>;

/**
 * The whole is as healthy as its least healthy part; of what it can do without, the failure only degrades it.
 */
export async function checkHealth(
  required: HealthChecks,
  optional: HealthChecks = {},
): Promise<Health> {
  const [needed, wanted] = await Promise.all([checkAll(required), checkAll(optional)]);
  const found = new Set(Object.values(needed).map(({ status }) => status));
  for (const { status } of Object.values(wanted)) {
    found.add(status === 'unhealthy' ? 'degraded' : status);
  }
  const status = (['unhealthy', 'degraded'] as const).find((one) => found.has(one)) ?? 'healthy';
  return { status, dependencies: { ...needed, ...wanted } };
}

async function checkAll(checks: HealthChecks): Promise<Record<string, DependencyHealth>> {
  const checked = Object.entries(checks).map(
    async ([name, check]) => [name, await checkOne(check)] as const,
  );
  return Object.fromEntries(await Promise.all(checked));
}

/**
 * GET /health/live (the process turns), /health/ready (send traffic: what is required is there), /health (each
 * dependency; 503 only when a required one is unhealthy).
 */
export function healthRoutes(
  fastify: FastifyInstance,
  required: HealthChecks,
  optional: HealthChecks = {},
): void {
  fastify.get('/health/live', async () => ({ status: 'live' }));
  fastify.get('/health/ready', async (_, reply) => {
    const { status } = await checkHealth(required);
    const ready = status !== 'unhealthy';
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  fastify.get('/health', async (_, reply) => {
    const health = await checkHealth(required, optional);
    return reply.status(health.status === 'unhealthy' ? 503 : 200).send(health);
  });
}

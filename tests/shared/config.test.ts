import { ConfigError, loadConfig, subgraphConfig } from '@crm-graph/shared/config';

const good = {
  PORT: '4001',
  DATABASE_URL: 'postgres://crm_deals:pw@127.0.0.1:5432/crm',
  REDIS_URL: 'redis://127.0.0.1:6379',
  JWKS_URL: 'http://127.0.0.1:4002/.well-known/jwks.json',
  INTERNAL_SECRET: 'x'.repeat(32),
};

test('a good environment is read with its defaults and types', () => {
  expect(loadConfig(subgraphConfig, good)).toEqual({
    ...good,
    PORT: 4001,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    DATABASE_POOL_SIZE: 10,
    EVENT_RETENTION_DAYS: 7,
  });
});

test('all problems are reported together, each with its variable and what was expected', () => {
  const bad = {
    ...good,
    PORT: '70000',
    REDIS_URL: 'http://x',
    INTERNAL_SECRET: '',
    LOG_LEVEL: 'loud',
  };
  expect(() => loadConfig(subgraphConfig, bad)).toThrow(ConfigError);
  try {
    loadConfig(subgraphConfig, bad);
  } catch (error) {
    const { problems } = error as ConfigError;
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'INTERNAL_SECRET',
      'LOG_LEVEL',
      'PORT',
      'REDIS_URL',
    ]);
    expect(problems).toContainEqual(
      'INTERNAL_SECRET: is missing (expected at least 32 characters, the same in all processes)',
    );
  }
});

test('a secret value never appears in a problem', () => {
  const bad = { ...good, INTERNAL_SECRET: 'too-short-secret' };
  expect(() => loadConfig(subgraphConfig, bad)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('too-short-secret') }),
  );
});

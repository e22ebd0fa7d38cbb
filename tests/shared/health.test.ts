import { checkHealth } from '@crm-graph/shared/health';

const up = async () => undefined;
const down = async () => {
  throw new TypeError('not there');
};

test('what a process can do without only degrades it; what it needs makes it unhealthy', async () => {
  expect(await checkHealth({ postgres: up }, { redis: up })).toMatchObject({ status: 'healthy' });
  expect(await checkHealth({ postgres: up }, { redis: down })).toMatchObject({
    status: 'degraded',
    dependencies: {
      postgres: { status: 'healthy' },
      redis: { status: 'unhealthy', error: 'not there' },
    },
  });
  expect(await checkHealth({ postgres: down }, { redis: up })).toMatchObject({
    status: 'unhealthy',
  });
});

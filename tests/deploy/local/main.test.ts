// `npm start` as a process: starts, stops, starts again, and what it says when something is wrong.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnv, root, type Start, startLocal, startReady, stop } from '../../runningStack.ts';
import { dataOf } from '../../stack.ts';
import { leftBelow } from '../processesBelow.ts';

const folder = mkdtempSync(join(tmpdir(), 'crm-graph-start-'));
const dataDir = join(folder, 'data');
const running: Start[] = [];

afterAll(async () => {
  for (const start of running) {
    start.process.kill('SIGTERM');
    await start.ended;
  }
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

let starts = 0;

async function start(env: Record<string, string> = {}) {
  starts += 1;
  const readyFile = join(folder, `ready-${starts}.json`);
  const started = await startReady({ DATA_DIR: dataDir, SEED_DEMO: 'false', ...env }, readyFile);
  running.push(started);
  return { ...started, readyFile };
}

const person = {
  organizationName: 'Kept',
  name: 'Ada',
  email: 'ada@kept.example',
  password: 'a-long-test-password',
};

describe('a start', () => {
  let graph: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    graph = await start();
  }, 60_000);

  test('serves the graph and keeps its secrets to itself', async () => {
    const url = graph.ready.graphUrl;
    await dataOf(
      'mutation($input: SignUpInput!) { signUp(input: $input) { accessToken } }',
      { input: person },
      { url },
    );
    expect(statSync(graph.readyFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  test('holds its DATA_DIR: a second start is refused', async () => {
    const second = startLocal({ DATA_DIR: dataDir, PORT: '0' });
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/is in use by another start \(process \d+\)/);
  });

  test('says so when its port is taken', async () => {
    const port = graph.ready.ports['gateway'];
    const other = startLocal({ DATA_DIR: join(folder, 'other'), PORT: String(port) });
    expect(await other.ended).toBe(1);
    expect(other.output()).toContain(`Port ${port} is taken by another program`);
  });

  test('stops at SIGTERM within 10 s and leaves no process', async () => {
    const { end, tookMs } = await stop(graph);
    expect(end).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
    expect(await leftBelow(dataDir)).toEqual([]);
  }, 20_000);
});

test('a second start keeps the data; when a process dies everything ends with its last words', async () => {
  const graph = await start();
  const url = graph.ready.graphUrl;
  const { email, password } = person;
  const { login } = await dataOf<{ login: { accessToken: string } }>(
    'mutation($input: LoginInput!) { login(input: $input) { accessToken } }',
    { input: { email, password } },
    { url },
  );
  expect(login.accessToken).toMatch(/^ey/);

  process.kill(graph.ready.pids['tasks'] ?? 0, 'SIGKILL');
  expect(await graph.ended).toBe(1);
  expect(graph.output()).toMatch(/tasks ended unexpectedly \(signal SIGKILL\)\. Its last lines:/);
  expect(await leftBelow(dataDir)).toEqual([]);
}, 90_000);

test('a start that is killed leaves no process and can be started again', async () => {
  const graph = await start();
  graph.process.kill('SIGKILL');
  await graph.ended;
  expect(await leftBelow(dataDir, 10_000)).toEqual([]);

  const again = await start();
  const { end } = await stop(again);
  expect(end).toBe(0);
  expect(await leftBelow(dataDir)).toEqual([]);
}, 120_000);

test('npm itself being killed leaves no process', async () => {
  const ownDir = join(folder, 'npm');
  const readyFile = join(folder, 'ready-npm.json');
  const env = { DATA_DIR: ownDir, PORT: '0', SEED_DEMO: 'false', READY_FILE: readyFile };
  const npm = spawn('npm', ['start'], { cwd: root, env: cleanEnv(env), stdio: 'ignore' });
  try {
    const until = Date.now() + 60_000;
    while (!existsSync(readyFile) && Date.now() < until) await sleep(100);
    expect(existsSync(readyFile)).toBe(true);
  } finally {
    npm.kill('SIGKILL');
  }
  expect(await leftBelow(ownDir, 10_000)).toEqual([]);
}, 90_000);

test('a stop while it starts leaves no process', async () => {
  const early = startLocal({ DATA_DIR: join(folder, 'early'), PORT: '0', SEED_DEMO: 'false' });
  await sleep(700);
  const { end, tookMs } = await stop(early);
  expect(end).toBe(0);
  expect(tookMs).toBeLessThan(10_000);
  expect(await leftBelow(join(folder, 'early'), 3_000)).toEqual([]);
}, 30_000);

describe('a start that cannot work says why, once, and ends with 1', () => {
  async function refusal(env: Record<string, string>): Promise<string> {
    const attempt = startLocal({ DATA_DIR: join(folder, 'refused'), PORT: '0', ...env });
    expect(await attempt.ended).toBe(1);
    expect(attempt.output()).not.toMatch(/^\s+at /m);
    return attempt.output();
  }

  test('all configuration problems in one message', async () => {
    const output = await refusal({
      PORT: '70000',
      SEED_DEMO: 'maybe',
      REDIS_URL: 'localhost:6379',
    });
    expect(output).toMatch(/PORT: .*65535/);
    expect(output).toMatch(/SEED_DEMO: .*true or false/);
    expect(output).toMatch(/REDIS_URL: .*redis:/);
  });

  test('a port that another program has', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await refusal({ PORT: String(port) })).toContain(`Port ${port} is taken`);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a database that is not there', async () => {
    const output = await refusal({ DATABASE_URL: 'postgres://crm:crm@127.0.0.1:1/crm' });
    expect(output).toContain('DATABASE_URL: cannot connect');
  });

  test('a DATA_DIR that cannot be made', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    expect(await refusal({ DATA_DIR: join(folder, 'a-file', 'data') })).toContain(
      'DATA_DIR: cannot create',
    );
  });

  test('damaged secrets', async () => {
    const damaged = mkdtempSync(join(folder, 'damaged-'));
    writeFileSync(join(damaged, 'secrets.json'), '{');
    expect(await refusal({ DATA_DIR: damaged })).toContain('secrets.json is damaged');
  });
});

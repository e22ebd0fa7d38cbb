// `npm start` as a process: starts, stops, starts again, and what it says when something is wrong.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Ready } from '../../../deploy/local/summary.ts';
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

/** Kills a process of a running graph; resolves to the new READY_FILE once it runs again. */
async function killed(graph: Awaited<ReturnType<typeof start>>, name: string): Promise<Ready> {
  const read = () => JSON.parse(readFileSync(graph.readyFile, 'utf8')) as Ready;
  const before = read().pids[name] ?? 0;
  process.kill(before, 'SIGKILL');
  const until = Date.now() + 30_000;
  while (read().pids[name] === before) {
    if (Date.now() > until) throw new Error(`${name} is not back:\n${graph.output()}`);
    await sleep(50);
  }
  return read();
}

describe('a second start', () => {
  let graph: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    graph = await start();
  }, 60_000);

  const logIn = async (): Promise<string> => {
    const { email, password } = person;
    const { login } = await dataOf<{ login: { accessToken: string } }>(
      'mutation($input: LoginInput!) { login(input: $input) { accessToken } }',
      { input: { email, password } },
      { url: graph.ready.graphUrl },
    );
    return login.accessToken;
  };

  test('keeps the data', async () => {
    expect(await logIn()).toMatch(/^ey/);
  });

  test.each(['auth', 'gateway', 'redis', 'postgres'])(
    '%s that is killed is back on its port',
    async (name) => {
      const ready = await killed(graph, name);
      const { pids, ports } = graph.ready;
      expect(ready).toEqual({ ...graph.ready, pids: { ...ready.pids } });
      expect(Object.keys(ready.pids)).toEqual(Object.keys(pids));
      expect(graph.output()).toMatch(
        new RegExp(
          `${name} ended unexpectedly \\(signal SIGKILL\\)\\. Its last lines:\\n( .*\\n)+Starting ${name} again\\n(.*\\n)*${name} is back \\([\\d.]+ s\\)`,
        ),
      );
      await new Promise<void>((resolve, reject) => {
        const socket = connect(ports[name] ?? 0, '127.0.0.1', () => socket.end(resolve));
        socket.on('error', reject);
      });
      expect(await logIn()).toMatch(/^ey/);
    },
    60_000,
  );

  test('serves again after Postgres was killed while requests run', async () => {
    const url = graph.ready.graphUrl;
    const token = await logIn();
    const everySubgraph =
      '{ me { id } contacts(first: 1) { totalCount } deals(first: 1) { totalCount } tasks(first: 1) { totalCount } salesSummary { openCount } }';
    const ask = () => dataOf(everySubgraph, {}, { url, token });
    let isKilled = false;
    const load = Array.from({ length: 5 }, async () => {
      while (!isKilled) await ask().catch(() => sleep(10));
    });
    await killed(graph, 'postgres').finally(() => {
      isKilled = true;
    });
    await Promise.all(load);
    await expect(ask()).resolves.toMatchObject({ me: { id: expect.any(String) } });
  }, 60_000);

  test('takes the place of a Postgres whose sessions go on without it', async () => {
    const client = new Client({ connectionString: graph.ready.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    // Works without ever looking whether its server is still there.
    const busy = client
      .query(
        "do $$ declare until timestamptz := clock_timestamp() + '60 s'; begin while clock_timestamp() < until loop end loop; end $$",
      )
      .catch((error: Error) => error);
    await sleep(300);
    await killed(graph, 'postgres');
    expect(await busy).toBeInstanceOf(Error);
    expect(await logIn()).toMatch(/^ey/);
    await stop(graph);
    expect(await leftBelow(dataDir)).toEqual([]);
  }, 60_000);
});

test('a process that dies over and over ends everything', async () => {
  const graph = await start();
  for (let death = 1; death <= 4; death++) await killed(graph, 'analytics');
  const ready = JSON.parse(readFileSync(graph.readyFile, 'utf8')) as Ready;
  process.kill(ready.pids['analytics'] ?? 0, 'SIGKILL');
  expect(await graph.ended).toBe(1);
  expect(graph.output()).toContain('analytics ended 5 times within a minute.');
  expect(await leftBelow(dataDir)).toEqual([]);
}, 120_000);

test('a process that cannot start again ends everything', async () => {
  const graph = await start();
  process.kill(graph.ready.pids['analytics'] ?? 0, 'SIGKILL');
  // The port is free a moment after the signal.
  const thief = createServer();
  thief.on('error', () => thief.listen(graph.ready.ports['analytics'], '127.0.0.1'));
  thief.listen(graph.ready.ports['analytics'], '127.0.0.1');
  await new Promise<void>((resolve) => thief.once('listening', resolve));
  expect(await graph.ended).toBe(1);
  thief.close();
  expect(graph.output()).toContain('analytics ended 5 times within a minute.');
  expect(graph.output()).not.toContain('analytics is back');
  expect(graph.output()).toMatch(/Its last lines:\n(.*\n)*.*EADDRINUSE/);
  expect(await leftBelow(dataDir)).toEqual([]);
}, 120_000);

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

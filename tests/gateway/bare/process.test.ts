// `npm run engine` as a process: what it prints, how it ends, and that it serves in between.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { cleanEnv, nodeBinary, root } from '../../runningStack.ts';
import { type PetGraph, petGraph } from './petGraph.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-process-'));
const file = join(folder, 'supergraph.graphql');
let graph: PetGraph;
beforeAll(async () => {
  graph = await petGraph();
  writeFileSync(file, graph.supergraph());
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Run extends AsyncDisposable {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  /** Settles with the exit code. */
  ended: Promise<number | null>;
}

const run = (args: readonly string[], { cwd = root, env = {} } = {}): Run => {
  const child = spawn(nodeBinary, [resolve(root, 'gateway/dist/bare/main.js'), ...args], {
    cwd,
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      output[name] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

const finished = async (args: readonly string[]) => {
  await using process = run(args);
  const code = await process.ended;
  return { code, ...process.output };
};

/** Waits for the line that says where it listens. */
const listening = async ({ output, ended }: Run): Promise<string> => {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  for (;;) {
    const url = /"url":"([^"]+)"/.exec(output.stdout)?.[1];
    if (url) return url;
    if (hasEnded) throw new Error(`It did not start: ${output.stderr}`);
    await new Promise((wait) => setTimeout(wait, 20));
  }
};

it('--help tells the options on stdout', async () => {
  const { code, stdout, stderr } = await finished(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('npm run engine -- --supergraph FILE_OR_URL --port N');
});

it.each([
  [['--port', '0'], '--supergraph is missing'],
  [['--supergraph', 'x', '--port', 'x'], '--port x is not a whole number'],
  [['--supergraph', 'x', '--port', '0', '--host', '0.0.0.0'], '--host 0.0.0.0 is refused'],
])('wrong arguments end with 2 and one line: %j', async (args, message) => {
  const { code, stdout, stderr } = await finished(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`engine: ${message}`);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

it('a supergraph that is not there or is none ends with 1 and its place', async () => {
  const missing = join(folder, 'missing.graphql');
  expect(await finished(['--supergraph', missing, '--port', '0'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `engine: The supergraph ${missing} does not exist.\n`,
  });
  const other = join(folder, 'other.graphql');
  writeFileSync(other, 'type Query { a: Int }');
  const { code, stdout, stderr } = await finished(['--supergraph', other, '--port', '0']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^engine: .*supergraph/i);
});

it('a port in use ends with 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  try {
    const { code, stderr } = await finished(['--supergraph', file, '--port', String(port)]);
    expect([code, stderr]).toEqual([
      1,
      `engine: Cannot listen on 127.0.0.1:${port}: the port is in use.\n`,
    ]);
  } finally {
    other.close();
  }
});

it.each(['SIGTERM', 'SIGINT'] as const)('it serves until %s, and ends with 0', async (signal) => {
  await using process = run(['--supergraph', file, '--port', '0']);
  const url = await listening(process);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ owner(id: "1") { name pets { name } } }' }),
  });
  expect(await answer.json()).toEqual({
    data: { owner: { name: 'Owner 1', pets: [{ name: 'Cat of 1' }] } },
  });
  process.child.kill(signal);
  expect(await process.ended).toBe(0);
  expect(process.output.stderr).toBe('');
  await expect(fetch(url)).rejects.toThrow();
});

it('a path is meant from where npm was called', async () => {
  const env = { npm_lifecycle_event: 'engine', INIT_CWD: folder };
  await using process = run(['--supergraph', relative(folder, file), '--port', '0'], { env });
  expect(await listening(process)).toContain('http://127.0.0.1:');
});

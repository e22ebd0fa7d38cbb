// Starts and stops a whole graph for tests: `deploy/dist/local/main.js` as a process, with a
// DATA_DIR and ports of its own, as `npm start` would.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ready } from '../deploy/local/summary.ts';

export const root = resolve(import.meta.dirname, '..');
export const nodeBinary = resolve(root, 'node_modules/node/bin/node');

/** The environment of a start, without what the person who runs the tests has set. */
export function cleanEnv(env: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, USER, LANG, TMPDIR } = process.env;
  return { PATH, HOME, USER, LANG, TMPDIR, ...env };
}

export interface Start {
  process: ChildProcess;
  /** Everything it has written to stdout and stderr. */
  output: () => string;
  /** Settles with the exit code, or the signal. */
  ended: Promise<number | string>;
}

/** `project` may be another folder with the project in it. */
export function startLocal(env: Record<string, string>, project = root): Start {
  const child = spawn(nodeBinary, [resolve(project, 'deploy/dist/local/main.js')], {
    cwd: project,
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { process: child, output: () => output, ended };
}

/** Starts a graph and waits for its READY_FILE. */
export async function startReady(
  env: Record<string, string>,
  readyFile: string,
  project = root,
): Promise<Start & { ready: Ready }> {
  const options = { PORT: '0', LOG_LEVEL: 'warn', ...env, READY_FILE: readyFile };
  const start = startLocal(options, project);
  // First start with demo data on two busy cores; usually 10 to 15 s.
  const until = performance.now() + 90_000;
  let end: number | string | undefined;
  start.ended.then((result) => {
    end = result;
  });
  while (!existsSync(readyFile)) {
    if (performance.now() > until) start.process.kill('SIGTERM');
    if (end !== undefined) throw new Error(`The graph did not start (${end}):\n${start.output()}`);
    await sleep(50);
  }
  return { ...start, ready: JSON.parse(readFileSync(readyFile, 'utf8')) };
}

/** Stops a graph with SIGTERM; settles with its exit code and how long it took. */
export async function stop(start: Start): Promise<{ end: number | string; tookMs: number }> {
  const since = performance.now();
  start.process.kill('SIGTERM');
  const end = await start.ended;
  return { end, tookMs: performance.now() - since };
}

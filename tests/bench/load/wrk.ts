// wrk as the load generator: it costs the core it shares with the subgraphs least.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from '../BenchError.ts';
import type { Generator } from './Load.ts';
import { runPinned } from './runPinned.ts';

interface Result {
  requests: number;
  us: number;
  p50Us: number;
  p99Us: number;
  /** Answers with a status of 400 or more. */
  status: number;
  /** Connections that failed or timed out. */
  sockets: number;
}

/** Whether wrk is on the PATH. */
export const hasWrk = (): boolean => spawnSync('wrk', ['--version']).error === undefined;

/** The largest lists take the slowest peer a second or more when all connections ask for one. */
const timeoutSeconds = 30;
const script = join(import.meta.dirname, 'wrk.lua');

export const wrk =
  (folder: string): Generator =>
  async ({ url, requests, seconds, connections }) => {
    const file = join(folder, 'wrk.txt');
    const lines = requests.map(({ body, headers }) =>
      [body, ...Object.entries(headers).flat()].join('\t'),
    );
    writeFileSync(file, lines.join('\n'), { mode: 0o600 });
    const sizes = ['-t1', `-c${connections}`, `-d${seconds}s`, `--timeout=${timeoutSeconds}s`];
    const output = await runPinned('wrk', [...sizes, '-s', script, url, '--', file]);
    const found = /^RESULT (.*)$/m.exec(output)?.[1];
    if (!found) throw new BenchError(`wrk did not work:\n${output}`);
    const result: Result = JSON.parse(found);
    const failed = result.status + result.sockets;
    if (failed > 0) throw new BenchError(`${failed} of ${result.requests} requests failed`);
    return {
      requests: result.requests,
      rps: (result.requests / result.us) * 1e6,
      p50Ms: result.p50Us / 1000,
      p99Ms: result.p99Us / 1000,
    };
  };

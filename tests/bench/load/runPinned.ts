// Runs a load generator on the core of the subgraphs, to its end.
import { spawn } from 'node:child_process';
import { pinned } from '../cores.ts';

const running = new Set<ReturnType<typeof spawn>>();
let stopped = false;

/** What it wrote, whatever its exit code. */
export const runPinned = (command: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(...pinned('rest', command, args), { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', () => {
      running.delete(child);
      /* What is stopped has no result: whoever waits for it is about to end too. */
      if (!stopped) resolve(output);
    });
  });

/** Ends the loads that are running, for good. */
export const stopLoads = (): void => {
  stopped = true;
  for (const child of running) child.kill('SIGKILL');
};

// Asks a built subgraph for its SDL: the process prints it and exits, without any configuration.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process that starts cold on a loaded machine still takes less. */
const timeoutMs = 60_000;

export const printSubgraph = async (mainFile: string): Promise<string> => {
  const { stdout } = await run(process.execPath, [mainFile, '--print-schema'], {
    timeout: timeoutMs,
    maxBuffer: 16 * 1024 * 1024,
  });
  return `${stdout.trim()}\n`;
};

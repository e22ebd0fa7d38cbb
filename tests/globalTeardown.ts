// Stops the graph of the tests and removes its folder; a graph that does not stop well is a failure.
import { rm } from 'node:fs/promises';
import { stop } from './runningStack.ts';

export default async function globalTeardown(): Promise<void> {
  const running = globalThis.crmGraphStart;
  if (!running) return;
  const { end, tookMs } = await stop(running.start);
  await rm(running.folder, { recursive: true, force: true });
  if (end !== 0 || tookMs > 10_000) {
    process.exitCode = 1;
    process.stderr.write(`The graph of the tests ended with ${end} after ${tookMs} ms:\n`);
    process.stderr.write(running.start.output());
  }
}

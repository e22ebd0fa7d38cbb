// One graph for all tests: real Postgres, Redis, subgraphs and gateway in a temporary DATA_DIR.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Start, startReady } from './runningStack.ts';

declare global {
  var crmGraphStart: { start: Start; folder: string } | undefined;
}

export default async function globalSetup(): Promise<void> {
  if (process.env['CRM_TEST_STACK'] === 'none') return;
  const folder = await mkdtemp(join(tmpdir(), 'crm-graph-test-'));
  const since = performance.now();
  const readyFile = join(folder, 'ready.json');
  const start = await startReady({ DATA_DIR: join(folder, 'data'), SEED_DEMO: 'true' }, readyFile);
  process.env['CRM_TEST_READY_FILE'] = readyFile;
  globalThis.crmGraphStart = { start, folder };
  const took = ((performance.now() - since) / 1000).toFixed(1);
  process.stdout.write(`\nThe graph for the tests is up (${took} s)\n`);
}

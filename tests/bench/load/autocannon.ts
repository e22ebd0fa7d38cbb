// autocannon as the load generator, where wrk is not installed. It runs in a process of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from '../BenchError.ts';
import type { Figures, Generator } from './Load.ts';
import { runPinned } from './runPinned.ts';

const script = join(import.meta.dirname, 'autocannonProcess.ts');

export const cannon =
  (folder: string): Generator =>
  async (load) => {
    const file = join(folder, 'autocannon.json');
    writeFileSync(file, JSON.stringify(load), { mode: 0o600 });
    const output = await runPinned(process.execPath, [script, file]);
    const found = /^RESULT (.*)$/m.exec(output)?.[1];
    if (!found) throw new BenchError(`autocannon did not work:\n${output}`);
    const { failed, ...figures }: Figures & { failed: number } = JSON.parse(found);
    if (failed > 0) throw new BenchError(`${failed} requests failed`);
    return figures;
  };

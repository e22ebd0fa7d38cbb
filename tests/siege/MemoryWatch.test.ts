// Memory is read from outside of the processes, at the moments when it is most.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeBinary } from '../runningStack.ts';
import { MemoryWatch, memoryOf } from './MemoryWatch.ts';

const megabyte = 1_024 ** 2;
/** Takes 200 MB, says so, and ends when its input does. */
const swelling = `
  const taken = Buffer.alloc(200 * ${megabyte}, 1);
  process.stdout.write('taken');
  process.stdin.on('end', () => taken.fill(0)).resume();`;

test('the peak of a process is that of its largest child, and is kept when that has gone', async () => {
  const shell = spawn('/bin/sh', ['-c', '"$NODE" -e "$SCRIPT"; exit 0'], {
    env: { NODE: nodeBinary, SCRIPT: swelling },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(shell, 'exit');
  const pids = { shell: shell.pid ?? 0 };
  using watch = new MemoryWatch(() => pids);
  await once(shell.stdout, 'data');
  expect(memoryOf(pids).shell).toBeGreaterThan(200 * megabyte);
  await sleep(500);
  shell.stdin.end();
  await ended;
  expect(memoryOf(pids)).toEqual({ shell: 0 });
  expect(watch.peaks['shell']).toBeGreaterThan(200 * megabyte);
});

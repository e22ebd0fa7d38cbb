// `--memory`: prints the memory of each peer while it is loaded, and how fast it grows.
import { loadOn, type MeasureOptions } from '../measure.ts';
import { bodiesOf, type Operation } from '../operations/Operation.ts';
import type { Peer } from '../peers/Peer.ts';
import { type MemorySample, slopeOf } from './MemorySample.ts';

/** A sample is taken after each turn of all operations, by a collection when nobody waits. */
const turns = 20;
const maxSliceSeconds = 5;

export const reportMemory = async (
  operations: readonly Operation[],
  options: MeasureOptions & { json: boolean },
  totalSeconds: number,
): Promise<void> => {
  for (const peer of options.peers) {
    const samples: MemorySample[] = [];
    for await (const sample of samplesOf(peer, operations, options, totalSeconds)) {
      samples.push(sample);
      console.log(options.json ? JSON.stringify({ peer: peer.name, ...sample }) : lineOf(sample));
    }
    const [heap, rss] = [slopeOf(samples, 'heapMB'), slopeOf(samples, 'rssMB')];
    console.log(
      options.json
        ? JSON.stringify({ peer: peer.name, heapMBPerMinute: heap, rssMBPerMinute: rss })
        : `${peer.name}: heap ${signed(heap)} MB a minute, RSS ${signed(rss)} MB a minute`,
    );
  }
};

/** One after each turn, until the time is over. */
async function* samplesOf(
  peer: Peer,
  operations: readonly Operation[],
  options: MeasureOptions,
  totalSeconds: number,
): AsyncGenerator<MemorySample> {
  const slice = Math.round(totalSeconds / turns / operations.length);
  const seconds = Math.max(1, Math.min(slice, maxSliceSeconds));
  const loads = operations.map((one) => loadOn(peer, bodiesOf(one), { ...options, seconds }));
  const started = performance.now();
  let requests = 0;
  while (performance.now() - started < totalSeconds * 1000) {
    for (const load of loads) requests += (await options.run(load)).requests;
    const usage = (await peer.process.message('memory')) as NodeJS.MemoryUsage;
    yield {
      seconds: Math.round((performance.now() - started) / 1000),
      heapMB: megabytes(usage.heapUsed),
      externalMB: megabytes(usage.external),
      rssMB: megabytes(usage.rss),
      requests,
    };
  }
}

const lineOf = ({ seconds, heapMB, externalMB, rssMB, requests }: MemorySample): string =>
  `${seconds} s: heap ${heapMB} MB, external ${externalMB} MB, RSS ${rssMB} MB, after ${requests} requests`;

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
const megabytes = (bytes: number): number => Number((bytes / 2 ** 20).toFixed(1));

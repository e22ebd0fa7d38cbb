// What listeners can rely on: one call at a time, the newest in the end, and a refusal keeps the old one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupergraphReader } from '@crm-graph/gateway/graph/supergraph/SupergraphReader';
import { SupergraphSource } from '@crm-graph/gateway/graph/supergraph/SupergraphSource';
import { eventually, sourceLog } from './sourceLog.ts';

class Place implements SupergraphReader {
  readonly place = 'of the test';
  content = 'first';
  #mayHaveChanged: () => void = () => undefined;

  async read(): Promise<string> {
    return this.content;
  }

  watch(mayHaveChanged: () => void): void {
    this.#mayHaveChanged = mayHaveChanged;
  }

  set(content: string): void {
    this.content = content;
    this.#mayHaveChanged();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#mayHaveChanged = () => undefined;
  }
}

const opened = () => {
  const place = new Place();
  const log = sourceLog();
  return { place, log, source: new SupergraphSource(place, 'first', log) };
};

test('a listener is not called while it is at work; then it is told of the newest only', async () => {
  const { place, source } = opened();
  await using _ = source;
  const calls: string[] = [];
  let atWork = 0;
  let release: () => void = () => undefined;
  source.onChange(async (sdl) => {
    atWork++;
    calls.push(`${sdl} ${atWork}`);
    if (sdl === 'second') await new Promise<void>((resolve) => (release = resolve));
    atWork--;
  });
  place.set('second');
  await eventually(() => calls, ['second 1']);
  place.set('third');
  place.set('fourth');
  await sleep(20);
  expect(calls).toEqual(['second 1']);
  expect(source.supergraphSdl).toBe('first');
  release();
  await eventually(() => calls, ['second 1', 'fourth 1']);
  await eventually(() => source.supergraphSdl, 'fourth');
});

test('a supergraph that a listener refuses is logged, and offered once', async () => {
  const { place, source, log } = opened();
  await using _ = source;
  const told: string[] = [];
  source.onChange(async (sdl) => {
    told.push(sdl);
    if (sdl === 'bad') throw new TypeError('it is bad');
  });
  place.set('bad');
  await eventually(
    () => log.lines,
    ['warn: the new supergraph is refused, the old one stays (it is bad)'],
  );
  expect(source.supergraphSdl).toBe('first');
  place.set('bad');
  await sleep(20);
  place.set('first');
  await sleep(20);
  expect(told).toEqual(['bad']);
  place.set('bad');
  await eventually(() => told, ['bad', 'bad']);
  place.set('good');
  await eventually(() => source.supergraphSdl, 'good');
  expect(told).toEqual(['bad', 'bad', 'good']);
});

test('listeners are told in their order, and those after a refusal are not', async () => {
  const { place, source } = opened();
  await using _ = source;
  const told: string[] = [];
  source.onChange(async (sdl) => {
    await sleep(5);
    told.push(`a ${sdl}`);
    if (sdl === 'bad') throw new TypeError('it is bad');
  });
  source.onChange(async (sdl) => {
    told.push(`b ${sdl}`);
  });
  place.set('good');
  await eventually(() => told, ['a good', 'b good']);
  place.set('bad');
  await eventually(() => told, ['a good', 'b good', 'a bad']);
  expect(source.supergraphSdl).toBe('good');
});

test('the end waits for a listener that is at work', async () => {
  const { place, source } = opened();
  let done = false;
  let started = false;
  source.onChange(async () => {
    started = true;
    await sleep(50);
    done = true;
  });
  place.set('second');
  await eventually(() => started, true);
  await source[Symbol.asyncDispose]();
  expect(done).toBe(true);
});

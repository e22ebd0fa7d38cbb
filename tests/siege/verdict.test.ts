// What a siege holds an attack against.
import type { Engagement } from './engage.ts';
import { missed } from './verdict.ts';
import type { VictimFigures } from './victim/messages.ts';

const figures = (p99Ms: number): VictimFigures => ({
  requests: 200,
  p50Ms: 5,
  p99Ms,
  maxMs: p99Ms,
  newMaxMs: 150,
  errors: {},
});

const unnoticed: Engagement = {
  attack: 'nested-pages',
  variant: 'edges',
  from: 'a user',
  by: 'post',
  spoils: { outcomes: { '200 OPERATION_TOO_EXPENSIVE': 900 }, bytes: 90_000 },
  quiet: figures(12),
  during: figures(40),
  errors: {},
  wellAfterSeconds: 0,
  restarts: [],
  memory: { gateway: 300 * 1_024 ** 2 },
  peaks: { gateway: 400 * 1_024 ** 2 },
  later: undefined,
};

test('an attack that nobody notices misses nothing', () => {
  expect(missed(unnoticed)).toEqual([]);
});

test('100 ms are allowed where the graph is fast, five times the quiet p99 where it is not', () => {
  expect(missed({ ...unnoticed, during: figures(100) })).toEqual([]);
  expect(missed({ ...unnoticed, during: figures(101) })).toEqual(['p99 101 ms, allowed 100']);
  expect(missed({ ...unnoticed, quiet: figures(30), during: figures(149) })).toEqual([]);
  expect(missed({ ...unnoticed, quiet: figures(30), during: figures(151) })).toEqual([
    'p99 151 ms, allowed 150',
  ]);
});

test('a new operation may take a second, or five times as long as in quiet', () => {
  const took = (quietMs: number, newMaxMs: number) =>
    missed({
      ...unnoticed,
      quiet: { ...figures(12), newMaxMs: quietMs },
      during: { ...figures(12), newMaxMs },
    });
  expect(took(100, 1_000)).toEqual([]);
  expect(took(100, 1_001)).toEqual(['a new operation took 1001 ms, allowed 1000']);
  expect(took(300, 1_400)).toEqual([]);
});

test('errors of the victim, restarts and large processes are told one by one', () => {
  const noticed = {
    ...unnoticed,
    errors: { '200 TIMEOUT': 3, ECONNREFUSED: 1 },
    restarts: ['deals'],
    peaks: { gateway: 1_025 * 1_024 ** 2, deals: 1_024 ** 3 },
  };
  expect(missed(noticed)).toEqual([
    'errors: 3 × 200 TIMEOUT, 1 × ECONNREFUSED',
    'restarted: deals',
    'gateway had 1025 MB',
  ]);
});

test('a victim that is not served as before within a minute has noticed', () => {
  expect(missed({ ...unnoticed, wellAfterSeconds: undefined })).toEqual([
    'not well again within a minute',
  ]);
});

test('memory that an earlier attack has taken is not missed twice', () => {
  const mebibyte = 1_024 ** 2;
  const at = (before: number, peak: number) =>
    missed({
      ...unnoticed,
      memory: { gateway: before * mebibyte },
      peaks: { gateway: peak * mebibyte },
    });
  expect(at(1_200, 1_250)).toEqual([]);
  expect(at(1_200, 1_300)).toEqual(['gateway had 1300 MB']);
  expect(at(1_000, 1_030)).toEqual([]);
});

// The verdict itself is tested: a chaos run that cannot fail proves nothing.
import { broken } from './ChaosReport.ts';
import { checkDelivery } from './checkDelivery.ts';
import { isWanted } from './filters.ts';

const wanted = [3, 4, 6, 7];

test.each([
  ['all of it, in order', [3, 4, 6, 7], {}],
  ['one is missing in the middle', [3, 6, 7], { lost: 1 }],
  ['the last ones are missing', [3], { lost: 3 }],
  ['nothing came', [], { lost: 4 }],
  ['one came twice, later', [3, 4, 6, 7, 4], { duplicated: 1 }],
  ['one came three times', [3, 3, 3, 4, 6, 7], { duplicated: 2 }],
  ['two changed places', [3, 6, 4, 7], { outOfOrder: 1 }],
  ['one came that is not wanted', [3, 4, 5, 6, 7], { unwanted: 1 }],
  ['one for another', [3, 4, 5, 7], { lost: 1, unwanted: 1 }],
])('%s', (_, received, faults) => {
  const none = { lost: 0, duplicated: 0, outOfOrder: 0, unwanted: 0 };
  expect(checkDelivery({ wanted, received })).toEqual({
    wanted: 4,
    received: received.length,
    ...none,
    ...faults,
  });
});

test('a filter wants what fits all of its conditions', () => {
  const event = { position: 1, type: 'DEAL_MOVED', dealId: 'd', stageId: 's', amount: '500.00' };
  expect(isWanted(event, {})).toBe(true);
  expect(isWanted(event, { types: ['DEAL_MOVED'], stageId: 's', minAmount: '500' })).toBe(true);
  expect(isWanted(event, { types: ['DEAL_CREATED'], stageId: 's' })).toBe(false);
  expect(isWanted(event, { stageId: 'another' })).toBe(false);
  expect(isWanted(event, { minAmount: '500.01' })).toBe(false);
});

describe('a run', () => {
  const subscriber = {
    client: 'ws' as const,
    isFiltered: false,
    ...checkDelivery({ wanted, received: wanted }),
    reconnects: 1,
    failures: 1,
    wrong: 0,
    longestSilenceMs: 10,
  };
  const good = {
    subscribers: [subscriber],
    unlikeTheLog: 0,
    ends: {},
    kills: [],
    acknowledged: 4,
    seconds: 1,
    refused: [],
    logged: 4,
    gaps: 0,
  };

  test('is good when every subscriber is, whatever the connections did', () => {
    expect(broken(good)).toEqual([]);
  });

  test.each([
    ['lost', { subscribers: [subscriber, { ...subscriber, lost: 1 }] }],
    ['twice', { subscribers: [{ ...subscriber, duplicated: 1 }] }],
    ['out of order', { subscribers: [{ ...subscriber, outOfOrder: 1 }] }],
    ['filter', { subscribers: [{ ...subscriber, unwanted: 1 }] }],
    ['differently', { subscribers: [{ ...subscriber, wrong: 1 }] }],
    ['from the log', { unlikeTheLog: 1 }],
    ['positions', { gaps: 1 }],
    ['refused', { refused: ['moveDeal: NOT_FOUND'] }],
    ['one event', { acknowledged: 5 }],
    ['without a change', { acknowledged: 0, logged: 0 }],
  ])('is not when anything is: %s', (word, fault) => {
    expect(broken({ ...good, ...fault }).join()).toContain(word);
  });
});

// Whose turn it is when callers wait.
import { FairQueue } from '@crm-graph/gateway/engine/plan/FairQueue';

const queueOf = (lines: Record<string, string[]>): FairQueue<string> => {
  const queue = new FairQueue<string>();
  for (const [caller, items] of Object.entries(lines)) {
    for (const item of items) queue.add(caller, item);
  }
  return queue;
};

/** Takes the next one out, as whoever serves it does. */
const serve = (queue: FairQueue<string>, callers: string[]): string | undefined => {
  const item = queue.next();
  if (item !== undefined) for (const caller of callers) queue.delete(caller, item);
  return item;
};

test('callers take turns, each in the order of its own line', () => {
  const callers = ['a', 'b', 'c'];
  const queue = queueOf({ a: ['a1', 'a2', 'a3'], b: ['b1'], c: ['c1', 'c2'] });
  const served = Array.from({ length: 7 }, () => serve(queue, callers));
  expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3', undefined]);
});

test('who comes while another is served is the next, and does not overtake by coming again', () => {
  const callers = ['many', 'other'];
  const queue = queueOf({ many: ['m1', 'm2', 'm3'] });
  expect(serve(queue, callers)).toBe('m1');
  queue.add('other', 'o1');
  expect(serve(queue, callers)).toBe('o1');
  queue.add('other', 'o2');
  expect(serve(queue, callers)).toBe('m2');
  expect(serve(queue, callers)).toBe('o2');
  expect(serve(queue, callers)).toBe('m3');
});

test('what stands in two lines is served when the first of them has its turn', () => {
  const callers = ['a', 'b'];
  const queue = queueOf({ a: ['a1', 'a2', 'shared'], b: ['shared', 'b1'] });
  const served = Array.from({ length: 5 }, () => serve(queue, callers));
  expect(served).toEqual(['a1', 'shared', 'a2', 'b1', undefined]);
});

test('a line is counted until it is empty, and what is not in it may be deleted', () => {
  const queue = queueOf({ a: ['a1', 'a2', 'a1'] });
  expect([queue.lengthOf('a'), queue.lengthOf('b'), queue.callers]).toEqual([2, 0, 1]);
  queue.delete('a', 'a2');
  queue.delete('b', 'a1');
  queue.delete('a', 'a1');
  expect([queue.lengthOf('a'), queue.callers, queue.next()]).toEqual([0, 0, undefined]);
});

// From the log to the live tail: every event once, in order, whatever arrives in between.
import { EventChannel } from '@crm-graph/gateway/subscriptions/EventChannel';
import { EventFeed } from '@crm-graph/gateway/subscriptions/EventFeed';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';

const event = (position: number): LogEvent => ({
  organizationId: 'o',
  log: 'deals',
  position,
  id: `e${position}`,
  type: 'DealMoved',
  occurredAt: '2026-01-01T00:00:00.000Z',
  actorId: null,
  entityType: 'Deal',
  entityId: 'd',
  version: position,
  changes: [],
  record: {},
});

/** A log that grows, and a channel that delivers what was appended when told to. */
const setUp = (length: number, options: { after: number; maxBytes?: number }) => {
  const log = Array.from({ length }, (_, index) => event(index + 1));
  let reads = 0;
  let beforeRead = async () => {};
  const channel = new EventChannel({
    read: async (after, first) => {
      reads += 1;
      const events = log.slice(after, after + first);
      await beforeRead();
      return { events, head: log.length };
    },
    head: async () => log.length,
  });
  channel.begin(length);
  const ended = new AbortController();
  const overflowed = jest.fn();
  const feed = new EventFeed({
    channel,
    after: options.after,
    maxBytes: options.maxBytes ?? 1_000_000,
    overflowed,
    signal: ended.signal,
  });
  const events = feed.events();
  return {
    events,
    overflowed,
    end: () => ended.abort(),
    reads: () => reads,
    duringRead: (work: () => void) => {
      beforeRead = async () => {
        beforeRead = async () => {};
        work();
      };
    },
    append: (count: number) => {
      const added = Array.from({ length: count }, (_, index) => event(log.length + index + 1));
      log.push(...added);
      channel.deliver(added);
    },
    take: async (count: number): Promise<number[]> => {
      const positions: number[] = [];
      while (positions.length < count) {
        const { value } = await events.next();
        if (value) positions.push(value.position);
      }
      return positions;
    },
  };
};

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('EventFeed', () => {
  it('reads the log page by page, then follows live', async () => {
    const { take, append, reads } = setUp(450, { after: 10 });
    expect(await take(440)).toEqual(range(11, 450));
    const next = take(2);
    await new Promise(setImmediate);
    append(2);
    expect(await next).toEqual([451, 452]);
    expect(reads()).toBe(3);
  });

  it('has no gap and no duplicate when events happen while the log is read', async () => {
    const { take, append, duringRead } = setUp(5, { after: 0 });
    duringRead(() => append(3));
    expect(await take(8)).toEqual(range(1, 8));
    const next = take(1);
    await new Promise(setImmediate);
    append(1);
    expect(await next).toEqual([9]);
  });

  it('reads the log again when more comes in than may wait', async () => {
    const { take, append, overflowed } = setUp(0, { after: 0, maxBytes: 2_000 });
    const first = take(1);
    await new Promise(setImmediate);
    append(1);
    expect(await first).toEqual([1]);
    append(100);
    expect(overflowed).toHaveBeenCalledTimes(1);
    append(5);
    expect(await take(105)).toEqual(range(2, 106));
  });

  it('ends when it is aborted while it waits', async () => {
    const { events, end } = setUp(0, { after: 0 });
    const next = events.next();
    await new Promise(setImmediate);
    end();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

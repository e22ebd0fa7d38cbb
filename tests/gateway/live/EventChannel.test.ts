// From the log to the live tail: every event once, in order, whatever arrives in between.
import { EventChannel } from '@crm-graph/gateway/live/log/EventChannel';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
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
const bytesOfOne = JSON.stringify(event(100)).length;

/** A log that grows, and a channel that delivers what was appended. */
const setUp = (length: number, maxRecentBytes = 1_000_000) => {
  const log = Array.from({ length }, (_, index) => event(index + 1));
  const reads: number[] = [];
  let heads = 0;
  const channel = new EventChannel({
    maxRecentBytes,
    reader: {
      read: async (after, first) => {
        reads.push(after);
        await new Promise(setImmediate);
        return { events: log.slice(after, after + first), head: log.length };
      },
      head: async () => {
        heads += 1;
        await new Promise(setImmediate);
        return log.length;
      },
    },
  });
  channel.begin(length);
  const append = (count: number) => {
    const added = Array.from({ length: count }, (_, index) => event(log.length + index + 1));
    log.push(...added);
    channel.deliver(added);
  };
  const follow = (after: number) => {
    const ended = new AbortController();
    const pages = channel.follow(after, ended.signal);
    const take = async (count: number): Promise<number[]> => {
      const positions: number[] = [];
      while (positions.length < count) {
        const { value } = await pages.next();
        positions.push(...(value ?? []).map(({ position }) => position));
      }
      return positions;
    };
    return { take, pages, end: () => ended.abort() };
  };
  return { channel, append, follow, reads, heads: () => heads };
};

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('EventChannel', () => {
  it('reads the log page by page, then follows live', async () => {
    const { follow, append, reads } = setUp(450);
    const { take } = follow(10);
    expect(await take(440)).toEqual(range(11, 450));
    const next = take(2);
    append(2);
    expect(await next).toEqual([451, 452]);
    expect(reads).toEqual([10, 210, 410]);
  });

  it('has no gap and no duplicate when events happen while the log is read', async () => {
    const { follow, append } = setUp(5);
    const { take } = follow(0);
    const all = take(8);
    append(3);
    expect(await all).toEqual(range(1, 8));
  });

  it('gives what came last from memory, to any number of followers', async () => {
    const { follow, append, reads } = setUp(100);
    append(20);
    const taken = await Promise.all(
      [100, 105, 119].map((after) => follow(after).take(120 - after)),
    );
    expect(taken).toEqual([range(101, 120), range(106, 120), [120]]);
    expect(reads).toEqual([]);
  });

  it('reads a page once for all who resume from the same place, and remembers it', async () => {
    const { channel, reads } = setUp(100);
    const pages = await Promise.all(Array.from({ length: 50 }, () => channel.eventsAfter(90)));
    expect(pages.map((page) => page.length)).toEqual(Array.from({ length: 50 }, () => 10));
    expect((await channel.eventsAfter(95)).map(({ position }) => position)).toEqual(range(96, 100));
    expect(reads).toEqual([90]);
  });

  it('keeps no more than it may, and reads the rest from the log', async () => {
    const { channel, append, reads } = setUp(100, bytesOfOne * 10);
    append(30);
    expect((await channel.eventsAfter(125)).map(({ position }) => position)).toEqual(
      range(126, 130),
    );
    expect(reads).toEqual([]);
    expect((await channel.eventsAfter(105)).map(({ position }) => position)).toEqual(
      range(106, 130),
    );
    expect(reads).toEqual([105]);
  });

  it('asks for the head again for each who comes after the question, but twice for a crowd', async () => {
    const { channel, append, heads } = setUp(3);
    const first = channel.head();
    append(1);
    const crowd = Array.from({ length: 100 }, () => channel.head());
    await first;
    expect(new Set(await Promise.all(crowd))).toEqual(new Set([4]));
    expect(heads()).toBe(2);
    await channel.head();
    expect(heads()).toBe(3);
  });

  it('tells followers when the log cannot be read any more', async () => {
    const { channel, follow } = setUp(0);
    const next = follow(0).pages.next();
    await new Promise(setImmediate);
    channel.fail(new CrmError('CURSOR_EXPIRED', 'gone'));
    await expect(next).rejects.toMatchObject({ extensions: { code: 'CURSOR_EXPIRED' } });
  });

  it('ends a follower that is aborted while it waits', async () => {
    const { follow } = setUp(0);
    const { pages, end } = follow(0);
    const next = pages.next();
    await new Promise(setImmediate);
    end();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

// A stream whose log cannot be read any more tells all, and also who comes a moment later.

import { EventChannel } from '@crm-graph/gateway/live/log/EventChannel';
import type { Session } from '@crm-graph/gateway/live/sessions/Session';
import { EventStream } from '@crm-graph/gateway/live/streams/EventStream';
import { ListStream } from '@crm-graph/gateway/live/streams/ListStream';
import type { Subscriber } from '@crm-graph/gateway/live/streams/Subscriber';

import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { GraphQLError } from 'graphql';

const session = { hasEnded: false, identity: { expiresAt: Date.now() + 60_000 } } as Session;

const newSubscriber = () => {
  const failures: unknown[] = [];
  const subscriber: Subscriber = {
    session,
    waitingBytes: 0,
    send: () => undefined,
    fail: (error: GraphQLError) => failures.push(error.extensions['code']),
  };
  return { subscriber, failures };
};

const setUp = () => {
  const channel = new EventChannel({
    reader: { read: async () => ({ events: [], head: 3 }), head: async () => 3 },
  });
  channel.begin(3);
  const common = {
    channel,
    ask: async () => ({ data: { list: { state: 'state' } } }),
    maxWaitingBytes: 1_000,
    shown: (error: unknown) => error as GraphQLError,
    matches: () => true,
    cursorOf: () => 'cursor',
  };
  const twin = { query: '', responseKey: 'list', variables: [], given: {}, stateKey: 'state' };
  return { channel, events: new EventStream(common), list: new ListStream({ ...common, twin }) };
};

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('a stream whose log has failed', () => {
  it.each(['events', 'list'] as const)(
    'tells those of a stream of %s, and who joins',
    async (kind) => {
      const { channel, [kind]: stream } = setUp();
      const early = newSubscriber();
      await stream.join(early.subscriber, 3);
      await settled();
      expect(early.failures).toEqual([]);
      channel.fail(new CrmError('CURSOR_EXPIRED', 'gone'));
      await settled();
      expect(early.failures).toEqual(['CURSOR_EXPIRED']);

      const late = newSubscriber();
      const joining = stream.join(late.subscriber, 3).catch((error: GraphQLError) => {
        late.failures.push(error.extensions['code']);
      });
      await joining;
      await settled();
      expect(late.failures).toEqual(['CURSOR_EXPIRED']);
    },
  );
});

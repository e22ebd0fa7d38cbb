// The socket's protocol where two things happen at once: a client that leaves at each step of an operation, and ids
// that are used again.
import { SharedResult } from '@crm-graph/gateway/live/streams/SharedResult';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { GraphQLError } from 'graphql';
import { ScriptedHost, settled } from './ScriptedHost.ts';

const following = (id: string) => ({
  id,
  type: 'subscribe',
  payload: { query: 'subscription { dealEvents { cursor } }' },
});
const asking = (id: string) => ({ id, type: 'subscribe', payload: { query: '{ me { id } }' } });
const completing = (id: string) => ({ id, type: 'complete' });
const result = (value: string) => new SharedResult({ data: { value } });

describe('a client that leaves', () => {
  it('while its credentials are checked is let go as soon as they are', async () => {
    const host = new ScriptedHost();
    host.receive({ type: 'connection_init' });
    host.protocol.closed();
    await host.letIn();
    expect([host.isDisposed, host.sent, host.closing]).toEqual([true, [], undefined]);
  });

  it('while credentials are checked that turn out to be bad is told nothing', async () => {
    const host = new ScriptedHost();
    host.receive({ type: 'connection_init' });
    host.protocol.closed();
    await host.refuse();
    expect([host.sent, host.closing]).toEqual([[], undefined]);
  });

  it('while a stream is joined leaves it as soon as it is', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'));
    host.protocol.closed();
    const leave = jest.fn();
    host.joining[0]?.join(leave);
    await settled();
    expect([leave.mock.calls.length, host.isDisposed, host.sent]).toEqual([1, true, []]);
  });

  it('while a stream is joined that then fails is told nothing', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'));
    host.protocol.closed();
    host.joining[0]?.fail(new CrmError('INVALID_CURSOR', 'none'));
    await settled();
    expect(host.sent).toEqual([]);
  });

  it('while its operation is executed has that stopped, and gets no result', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(asking('1'));
    host.protocol.closed();
    expect(host.executing[0]?.signal?.aborted).toBe(true);
    host.executing[0]?.finish({ data: {} });
    await settled();
    expect(host.sent).toEqual([]);
  });

  it('is told nothing more of a stream that it follows', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'));
    const leave = jest.fn();
    host.joining[0]?.join(leave);
    await settled();
    host.protocol.closed();
    host.joining[0]?.subscriber.send(result('late'));
    host.joining[0]?.subscriber.fail(new GraphQLError('late'));
    expect([leave.mock.calls.length, host.sent]).toEqual([1, []]);
  });

  it('as the server closes is let go once', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'));
    const leave = jest.fn();
    host.joining[0]?.join(leave);
    await settled();
    host.protocol.close({ code: 1012, reason: 'Service restart' });
    host.protocol.closed();
    host.receive(following('2'), { type: 'ping' });
    expect([leave.mock.calls.length, host.isDisposed, host.sent]).toEqual([1, true, []]);
    expect(host.operations).toHaveLength(1);
  });
});

describe('Complete of a client', () => {
  it('while a stream is joined leaves it as soon as it is, and is not answered', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'), completing('1'));
    const leave = jest.fn();
    host.joining[0]?.join(leave);
    await settled();
    expect([leave.mock.calls.length, host.sent, host.protocol.operations]).toEqual([1, [], 0]);
  });

  it('while an operation is executed stops it, and its result goes nowhere', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(asking('1'), completing('1'));
    expect(host.executing[0]?.signal?.aborted).toBe(true);
    host.executing[0]?.finish({ data: { value: 'late' } });
    await settled();
    expect(host.sent).toEqual([]);
  });

  it('before ConnectionAck, or of an id that nothing has, means nothing', async () => {
    const host = new ScriptedHost();
    host.receive(completing('1'), { type: 'connection_init' }, completing('1'));
    await host.letIn();
    host.receive(completing('1'));
    expect([host.sent, host.closing]).toEqual([[{ type: 'connection_ack' }], undefined]);
  });

  it('that crosses with that of the server means nothing', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(asking('1'));
    host.executing[0]?.finish({ data: { value: 'a' } });
    await settled();
    host.receive(completing('1'), completing('1'));
    expect(host.sent).toEqual([
      { id: '1', type: 'next', payload: { data: { value: 'a' } } },
      { id: '1', type: 'complete' },
    ]);
    expect(host.closing).toBeUndefined();
  });
});

describe('an id', () => {
  it('that is used again in the same tick belongs to the new operation alone', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'), completing('1'), following('1'));
    const [first, second] = host.joining;
    const leaves = [jest.fn(), jest.fn()] as const;
    first?.join(leaves[0]);
    second?.join(leaves[1]);
    await settled();
    first?.subscriber.send(result('of the first'));
    first?.subscriber.fail(new GraphQLError('of the first'));
    second?.subscriber.send(result('of the second'));
    expect(host.sent).toEqual([
      { id: '1', type: 'next', payload: { data: { value: 'of the second' } } },
    ]);
    expect(leaves.map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
    host.receive(completing('1'));
    expect(leaves.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it('that is used again later is not ended by what is late of the first', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(asking('1'), completing('1'));
    await settled();
    host.receive(following('1'));
    host.joining[0]?.join(() => undefined);
    host.executing[0]?.finish({ data: { value: 'late' } });
    await settled();
    host.joining[0]?.subscriber.send(result('in time'));
    expect(host.sent).toEqual([{ id: '1', type: 'next', payload: { data: { value: 'in time' } } }]);
    expect(host.protocol.operations).toBe(1);
  });

  it('is free again when the server has completed its operation', async () => {
    const host = await ScriptedHost.acknowledged();
    for (const value of ['a', 'b']) {
      host.receive(asking('1'));
      host.executing.at(-1)?.finish({ data: { value } });
      await settled();
    }
    expect(host.sent.map(({ type, payload }) => payload ?? type)).toEqual([
      { data: { value: 'a' } },
      'complete',
      { data: { value: 'b' } },
      'complete',
    ]);
    expect(host.closing).toBeUndefined();
  });

  it('is free again when its operation has failed', async () => {
    const host = await ScriptedHost.acknowledged({
      refuses: (query) =>
        query === '{' ? new CrmError('GRAPHQL_PARSE_FAILED', 'Syntax.') : undefined,
    });
    host.receive({ id: '1', type: 'subscribe', payload: { query: '{' } }, asking('1'));
    expect(host.executing).toHaveLength(1);
    expect([host.sent, host.closing]).toMatchObject([
      [{ id: '1', type: 'error', payload: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] }],
      undefined,
    ]);
  });

  it.each(['1', 'x'.repeat(200), '€'.repeat(200)])(
    'of an operation that runs closes the socket when it is used again (%#)',
    async (id) => {
      const host = await ScriptedHost.acknowledged();
      host.receive(following(id), asking(id));
      expect(host.closing?.code).toBe(4409);
      expect(host.closing?.reason).toMatch(/^Subscriber for (1|x+…|€+…) already exists$/);
      expect(Buffer.byteLength(host.closing?.reason ?? '')).toBeLessThanOrEqual(123);
      expect([host.protocol.operations, host.isDisposed]).toEqual([0, true]);
    },
  );

  it.each([
    ['of 256 characters is taken', 'x'.repeat(256), undefined],
    ['of 257 characters closes with 4400', 'x'.repeat(257), 4400],
    ['that is empty closes with 4400', '', 4400],
    ['that is a number closes with 4400', 1, 4400],
    ['that is null closes with 4400', null, 4400],
  ])('%s', async (_what, id, code) => {
    for (const message of [following(''), completing('')]) {
      const host = await ScriptedHost.acknowledged();
      host.receive({ ...message, id });
      expect(host.closing?.code).toBe(code);
    }
  });
});

describe('an operation that fails', () => {
  it('while it joins ends with Error, and the others go on', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'), following('2'));
    const [first, second] = host.joining;
    second?.join(() => undefined);
    first?.fail(new CrmError('INVALID_CURSOR', 'none'));
    await settled();
    second?.subscriber.send(result('goes on'));
    expect(host.sent).toMatchObject([
      { id: '1', type: 'error', payload: [{ extensions: { code: 'INVALID_CURSOR' } }] },
      { id: '2', type: 'next' },
    ]);
    expect([host.closing, host.protocol.operations]).toEqual([undefined, 1]);
  });

  it('after it has begun leaves its stream, once, and nothing follows', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(following('1'));
    const leave = jest.fn();
    host.joining[0]?.join(leave);
    await settled();
    const { subscriber } = host.joining[0] ?? {};
    subscriber?.fail(new GraphQLError('gone'));
    subscriber?.fail(new GraphQLError('gone'));
    subscriber?.send(result('late'));
    host.receive(completing('1'));
    expect([leave.mock.calls.length, host.sent]).toMatchObject([1, [{ id: '1', type: 'error' }]]);
  });

  it('without data is an Error, with some of it a result', async () => {
    const host = await ScriptedHost.acknowledged();
    host.receive(asking('1'), asking('2'));
    host.executing[0]?.finish({ errors: [{ message: 'nothing' }] });
    host.executing[1]?.finish({ data: null, errors: [{ message: 'null' }] });
    await settled();
    expect(host.sent).toEqual([
      { id: '1', type: 'error', payload: [{ message: 'nothing' }] },
      { id: '2', type: 'next', payload: { data: null, errors: [{ message: 'null' }] } },
      { id: '2', type: 'complete' },
    ]);
  });
});

describe('ConnectionInit', () => {
  it('that does not come in time closes with 4408', async () => {
    const host = new ScriptedHost({ initTimeoutMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.closing?.code).toBe(4408);
  });

  it('that came is not late while credentials are checked', async () => {
    const host = new ScriptedHost({ initTimeoutMs: 1 });
    host.receive({ type: 'connection_init', payload: { a: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([host.closing, host.connectionParams]).toEqual([undefined, { a: 1 }]);
  });

  it('that comes again closes with 4429, while credentials are checked and afterwards', async () => {
    const host = new ScriptedHost();
    host.receive({ type: 'connection_init' }, { type: 'connection_init' });
    expect(host.closing?.code).toBe(4429);
    await host.letIn();
    expect([host.isDisposed, host.sent]).toEqual([true, []]);
    const later = await ScriptedHost.acknowledged();
    later.receive({ type: 'connection_init' });
    expect(later.closing?.code).toBe(4429);
  });

  it('that is refused closes with the reason of the host', async () => {
    const host = new ScriptedHost();
    host.receive({ type: 'connection_init' });
    await host.refuse();
    expect(host.closing).toEqual({ code: 4403, reason: 'Refused' });
  });

  it('is to be acknowledged before Subscribe, else 4401', async () => {
    const early = new ScriptedHost();
    early.receive(asking('1'));
    expect(early.closing?.code).toBe(4401);
    const waiting = new ScriptedHost();
    waiting.receive({ type: 'connection_init' }, asking('1'));
    expect([waiting.closing?.code, waiting.operations]).toEqual([4401, []]);
  });
});

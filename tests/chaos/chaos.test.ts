// A small version of `npm run chaos`: the same code, fewer subscribers, a few kills.
import { broken, rowsOf } from './ChaosReport.ts';
import type { TransportName } from './clients/transports/Transport.ts';
import { OwnStack } from './OwnStack.ts';
import { type ChaosResult, runChaos } from './runChaos.ts';

/** Those that the gateway serves. */
const transports: readonly TransportName[] = ['ws', 'sse', 'multipart'];

describe('while gateway, deals and Redis are killed', () => {
  let result: ChaosResult;

  beforeAll(async () => {
    await using stack = await OwnStack.start();
    result = await runChaos(stack, {
      subscribers: 50,
      seconds: 24,
      rate: 20,
      kills: ['gateway', 'deals', 'redis'],
      rounds: 1,
      transports,
      say: () => undefined,
    });
  }, 240_000);

  test('every subscriber gets every event once, in the order of the log', () => {
    expect(broken(result)).toEqual([]);
    const all = rowsOf(result).at(-1);
    expect(all).toMatchObject({ subscribers: 50, lost: 0, duplicated: 0, outOfOrder: 0 });
    // 480 changes; fewer where the machine is busy and the graph is away for longer.
    expect(result.logged).toBeGreaterThan(100);
    expect(all?.received).toBeGreaterThan(20 * result.logged);
  });

  test('the kills took place, and all subscribers had to come back', () => {
    expect(result.kills.map(({ target }) => target)).toEqual(['gateway', 'deals', 'redis']);
    for (const { reconnects } of result.subscribers) expect(reconnects).toBeGreaterThan(0);
  });
});

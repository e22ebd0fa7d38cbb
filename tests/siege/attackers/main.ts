// The attackers' process: carries out one assault when asked, and ends by itself soon after its time.
import { setPriority } from 'node:os';
import { variantOf } from '../attacks/allAttacks.ts';
import { Assault } from './Assault.ts';
import type { AssaultOrder } from './messages.ts';
import { drivers } from './ways/drivers.ts';

/** What is measured is the graph, not who takes its processor. */
setPriority(10);

process.once('disconnect', () => process.exit());

process.once('message', async (order: AssaultOrder) => {
  const graceMs = 30_000;
  setTimeout(() => process.exit(1), order.seconds * 1_000 + graceMs).unref();
  const assault = new Assault(variantOf(order.attack, order.variant), order);
  await drivers[assault.variant.by](assault);
  process.send?.(assault.tally.spoils);
});

// Changes deals at a steady rate through the graph: moves, updates, creations, deletions. Each is sent
// again with its idempotency key until it is answered, so that each is one event of the log.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Sales } from './Sales.ts';

/** Mutations that wait for their answers; while the graph is away no more are begun. */
const maxInFlight = 32;

interface Payload {
  cursor: string | null;
  userErrors: { code: string; message: string }[];
}

export class DealChanges {
  /** Mutations that were answered. */
  acknowledged = 0;
  /** What the graph refused though nothing was wrong with it. */
  readonly refused: string[] = [];
  readonly #sales: Sales;
  readonly #idle: string[];
  readonly #inFlight = new Set<Promise<void>>();
  /** Where each deal is: a move to the same stage would be no event. */
  readonly #stages = new Map<string, number>();
  #count = 0;

  constructor(sales: Sales) {
    this.#sales = sales;
    this.#idle = [...sales.dealIds];
  }

  /** Resolves when every mutation that was begun is answered. */
  async run(perSecond: number, signal: AbortSignal): Promise<void> {
    const since = performance.now();
    while (!signal.aborted) {
      const due = ((performance.now() - since) / 1_000) * perSecond;
      while (this.#count < due && this.#inFlight.size < maxInFlight) this.#begin();
      await sleep(5);
    }
    await Promise.all(this.#inFlight);
  }

  #begin(): void {
    const change = this.#change(this.#count++)
      .catch((error: Error) => {
        this.refused.push(error.message);
      })
      .finally(() => this.#inFlight.delete(change));
    this.#inFlight.add(change);
  }

  /** Of 20 changes: 2 creations, 1 deletion, 10 moves, 7 updates. A deal has one change at a time. */
  async #change(count: number): Promise<void> {
    const kind = count % 20;
    const id = kind < 2 ? undefined : this.#idle.shift();
    if (id === undefined) return this.#create(count);
    if (kind === 2) return this.#send('deleteDeal', { id });
    if (kind < 13) await this.#send('moveDeal', { id, stageId: this.#otherStage(count, id) });
    else {
      const amount = { amount: String(count % 1_000), currency: 'EUR' };
      await this.#send('updateDeal', { id, title: `Deal, change ${count}`, amount });
    }
    this.#idle.push(id);
  }

  async #create(count: number): Promise<void> {
    const id = uuidv7();
    const amount = { amount: String(count % 1_000), currency: 'EUR' };
    const [stageId] = this.#sales.stageIds;
    await this.#send('createDeal', { id, title: `New deal ${count}`, amount, stageId });
    this.#idle.push(id);
  }

  #otherStage(count: number, id: string): string {
    const { stageIds } = this.#sales;
    const now = this.#stages.get(id) ?? 0;
    const next = (now + 1 + (count % (stageIds.length - 1))) % stageIds.length;
    this.#stages.set(id, next);
    return stageIds[next] ?? '';
  }

  async #send(operation: string, input: Record<string, unknown>): Promise<void> {
    const type = `${operation[0]?.toUpperCase()}${operation.slice(1)}Input`;
    const answer = await this.#sales.client.request<Record<string, Payload>>(
      `mutation ($input: ${type}!) { ${operation}(input: $input) { cursor userErrors { code message } } }`,
      { input: { ...input, idempotencyKey: randomUUID() } },
    );
    const { cursor, userErrors } = answer[operation] ?? { cursor: null, userErrors: [] };
    if (cursor) this.acknowledged += 1;
    else
      this.refused.push(`${operation}: ${userErrors.map(({ code }) => code).join() || 'no event'}`);
  }
}

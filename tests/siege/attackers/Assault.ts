// One variant of an attack under way: what its drivers send, as whom, and until when.
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphqlRequest, Variant } from '../attacks/Attack.ts';
import type { AssaultOrder } from './messages.ts';
import { Tally } from './Tally.ts';

/** Beyond what a graph on two cores can refuse in the time: no assault goes on for ever. */
const maxRequests = 200_000;
/** After a connection that failed: to try again at once would cost the machine more than the graph. */
const pauseMs = 100;

export class Assault {
  readonly url: URL;
  readonly variant: Variant;
  readonly tally = new Tally();
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  readonly #tokens: readonly string[];
  readonly #bodies = new WeakMap<GraphqlRequest, string>();
  #sent = 0;

  constructor(variant: Variant, { url, tokens, seconds }: AssaultOrder) {
    this.variant = variant;
    this.url = new URL(url);
    this.#tokens = tokens;
    this.signal = AbortSignal.timeout(seconds * 1_000);
  }

  /** The next request, with its number. */
  next(): { request: GraphqlRequest; index: number } {
    const index = this.#sent++;
    return { request: this.variant.request(index), index };
  }

  /** As JSON; made once of what is sent again. */
  bodyOf(request: GraphqlRequest): string {
    const known = this.#bodies.get(request);
    if (known !== undefined) return known;
    const body = JSON.stringify(request);
    this.#bodies.set(request, body);
    return body;
  }

  /** The headers by which a connection says who it is. */
  credentialsOf(connection: number): Record<string, string> {
    const { from } = this.variant;
    if (from === 'nobody') return {};
    const token = this.#tokens[from === 'a user' ? 0 : connection % this.#tokens.length];
    return { authorization: `Bearer ${token}` };
  }

  /** Runs `once` over and over on each connection, until the time is up. What it throws is counted. */
  async onEachConnection(once: (connection: number) => Promise<void>): Promise<void> {
    const { signal, tally, variant } = this;
    const connections = Array.from({ length: variant.connections }, async (_, connection) => {
      /* Not all at the same moment: the kernel's queue of a listening socket has 511 places. */
      await this.pause(connection);
      while (!signal.aborted && this.#sent < maxRequests) {
        try {
          await once(connection);
        } catch (error) {
          tally.count(signal.aborted ? 'no answer in time' : reasonOf(error as Error));
          await this.pause(pauseMs);
        }
      }
    });
    await Promise.all(connections);
  }

  /** Ends early when the time is up. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }
}

const reasonOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message;

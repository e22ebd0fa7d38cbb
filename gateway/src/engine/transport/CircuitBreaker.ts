// Spares a subgraph that is down, and those who wait for it: after enough failures it is not asked for
// a while, then one attempt shows whether it is back.

export type CircuitState = 'closed' | 'open' | 'half-open';

/** How an attempt ended, as far as the subgraph's health goes. */
export type AttemptOutcome =
  /** It gave an answer, whatever was in it. */
  | 'answered'
  /** It gave none. */
  | 'failed'
  /** Nobody waited long enough to know. */
  | 'abandoned';

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. @default 10 */
  consecutiveFailures?: number | undefined;
  /** The share of failures among the last `windowSize` attempts that opens it. @default 0.5 */
  failureRate?: number | undefined;
  /** Attempts that the rate is taken of, since the circuit was last closed. @default 100 */
  windowSize?: number | undefined;
  /** How long it stays open before one attempt is let through, in milliseconds. @default 1_000 */
  openMs?: number | undefined;
  /** Milliseconds that only grow, from any start. @default performance.now */
  now?: (() => number) | undefined;
}

/** Given to an attempt and given back with its outcome. Void once the state has changed. */
export type CircuitPass = number;

export class CircuitBreaker {
  readonly #consecutiveFailures: number;
  readonly #windowFailures: number;
  readonly #openMs: number;
  readonly #now: () => number;
  /** A ring of the last attempts: 1 where one failed. */
  readonly #window: Uint8Array;
  #next = 0;
  #failed = 0;
  #inRow = 0;
  #state: CircuitState = 'closed';
  #openUntil = 0;
  /** Changes with the state: what began before says nothing about what is now. */
  #pass: CircuitPass = 1;

  constructor({
    consecutiveFailures = 10,
    failureRate = 0.5,
    windowSize = 100,
    openMs = 1_000,
    now = () => performance.now(),
  }: CircuitBreakerOptions = {}) {
    this.#consecutiveFailures = consecutiveFailures;
    this.#windowFailures = Math.max(1, failureRate * windowSize);
    this.#openMs = openMs;
    this.#now = now;
    this.#window = new Uint8Array(windowSize);
  }

  /** `half-open` from the time at which an attempt would be let through. */
  get state(): CircuitState {
    return this.#state === 'open' && this.#now() >= this.#openUntil ? 'half-open' : this.#state;
  }

  /** Undefined while the subgraph is not to be asked. */
  enter(): CircuitPass | undefined {
    if (this.#state === 'closed') return this.#pass;
    if (this.#state === 'half-open' || this.#now() < this.#openUntil) return undefined;
    this.#become('half-open');
    return this.#pass;
  }

  leave(pass: CircuitPass, outcome: AttemptOutcome): void {
    if (pass !== this.#pass) return;
    if (this.#state === 'half-open') this.#probed(outcome);
    else if (outcome !== 'abandoned') this.#count(outcome === 'failed' ? 1 : 0);
  }

  #probed(outcome: AttemptOutcome): void {
    if (outcome === 'answered') this.#close();
    else this.#open(outcome === 'failed' ? this.#openMs : 0);
  }

  #count(failure: 0 | 1): void {
    this.#failed += failure - (this.#window[this.#next] ?? 0);
    this.#window[this.#next] = failure;
    this.#next = this.#next + 1 === this.#window.length ? 0 : this.#next + 1;
    if (failure === 0) {
      this.#inRow = 0;
      return;
    }
    this.#inRow++;
    if (this.#inRow >= this.#consecutiveFailures || this.#failed >= this.#windowFailures) {
      this.#open(this.#openMs);
    }
  }

  #open(ms: number): void {
    this.#openUntil = this.#now() + ms;
    this.#become('open');
  }

  #close(): void {
    this.#window.fill(0);
    this.#failed = 0;
    this.#inRow = 0;
    this.#become('closed');
  }

  #become(state: CircuitState): void {
    this.#state = state;
    this.#pass++;
  }
}

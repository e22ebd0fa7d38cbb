// A request to a subgraph and all who wait for its answer: tries until there is one, and stops when
// nobody waits any more. A mutation is one too, with a single caller and a single attempt.
import { Attempt, type AttemptOwner } from './Attempt.ts';
import { type AttemptFailure, transportError } from './AttemptFailure.ts';
import { type Abandonable, Caller } from './Caller.ts';
import type { ClientWaiting } from './Cancellations.ts';
import type { AttemptOutcome, CircuitPass } from './CircuitBreaker.ts';
import type { Deadlines } from './Deadlines.ts';
import type { InFlight, InFlightFetch } from './InFlight.ts';
import type { SubgraphEndpoint } from './SubgraphEndpoint.ts';
import type { SubgraphError } from './SubgraphError.ts';
import type { SubgraphRequest } from './SubgraphRequest.ts';

/** A subgraph that was given less time, in milliseconds, is not to blame for being late. */
const fairMs = 1_000;

export class SharedFetch implements AttemptOwner, Abandonable, InFlightFetch<SharedFetch> {
  readonly endpoint: SubgraphEndpoint;
  readonly body: string;
  readonly identity: string;
  readonly joinableUntil: number;
  bucket = -1;
  next: SharedFetch | undefined;
  readonly #request: SubgraphRequest;
  readonly #inFlight: InFlight<SharedFetch>;
  readonly #endsBy: number;
  readonly #callers: Caller[] = [];
  #attempt: Attempt | undefined;
  #attempts = 0;
  #sentAt = 0;
  #pass: CircuitPass = 0;
  #retry: NodeJS.Timeout | undefined;

  /** `now` in epoch milliseconds. */
  constructor(
    endpoint: SubgraphEndpoint,
    request: SubgraphRequest,
    inFlight: InFlight<SharedFetch>,
    now: number,
  ) {
    this.endpoint = endpoint;
    this.body = request.body;
    this.identity = request.identity;
    this.#request = request;
    this.#inFlight = inFlight;
    this.#endsBy = now + endpoint.timeoutMs;
    /* Who comes later had better try anew than wait for the end of one that hangs. */
    this.joinableUntil = now + endpoint.timeoutMs / 2;
  }

  /** Another who waits. To be called for the first one before `start()`. */
  join(deadline: number, client: ClientWaiting | undefined, deadlines: Deadlines): Promise<string> {
    const until = Math.min(deadline, this.#endsBy);
    const caller = new Caller(this, { subgraph: this.endpoint.name, until, client, deadlines });
    this.#callers.push(caller);
    return caller.answer;
  }

  start(): void {
    if (this.#request.kind === 'query') this.#inFlight.add(this);
    this.#try();
  }

  answered(text: string): void {
    this.#ended('answered');
    this.#settled();
    for (const caller of this.#callers) caller.resolve(text);
  }

  failed({ error, outcome, again }: AttemptFailure): void {
    this.#ended(outcome, error);
    const { retries, retryDelayMs } = this.endpoint.settings;
    const isLast = this.#request.kind !== 'query' || this.#attempts > retries;
    const waitMs = Math.random() * retryDelayMs * 2 ** (this.#attempts - 1);
    const until = Math.max(...this.#callers.map((caller) => caller.until));
    if (!again || isLast || Date.now() + waitMs >= until) this.#fail(error);
    else this.#retry = setTimeout(() => this.#try(error), waitMs);
  }

  leave(caller: Caller, error: SubgraphError): void {
    this.#callers.splice(this.#callers.indexOf(caller), 1);
    if (this.#callers.length > 0) return;
    this.#settled();
    clearTimeout(this.#retry);
    if (!this.#attempt) return;
    this.#attempt.abandon();
    const hadTime =
      performance.now() - this.#sentAt >= Math.min(fairMs, this.endpoint.timeoutMs / 2);
    this.#ended(error.code === 'TIMEOUT' && hadTime ? 'failed' : 'abandoned', error);
  }

  #try(failure?: SubgraphError): void {
    const { name, circuit } = this.endpoint;
    const pass = circuit.enter();
    if (pass === undefined) {
      this.#fail(failure ?? transportError(name, 'SUBGRAPH_UNAVAILABLE', 'the circuit is open'));
      return;
    }
    this.#pass = pass;
    this.#attempts++;
    this.#sentAt = performance.now();
    this.#attempt = new Attempt(this.endpoint, this);
    this.#attempt.send(this.#request);
  }

  #ended(outcome: AttemptOutcome, error?: SubgraphError): void {
    const { name, circuit, settings } = this.endpoint;
    const status = this.#attempt?.status;
    this.#attempt = undefined;
    circuit.leave(this.#pass, outcome);
    if (!settings.onAttempt) return;
    const ms = performance.now() - this.#sentAt;
    try {
      settings.onAttempt({ subgraph: name, attempt: this.#attempts, ms, status, error });
    } catch {
      /* As documented: a log that fails is no reason to leave the callers waiting. */
    }
  }

  #fail(error: SubgraphError): void {
    this.#settled();
    for (const caller of this.#callers) caller.reject(error);
  }

  /** Who has changed something must not get an answer from before by joining an earlier query. */
  #settled(): void {
    if (this.#request.kind === 'mutation') this.#inFlight.forget(this.identity);
    else this.#inFlight.delete(this);
  }
}

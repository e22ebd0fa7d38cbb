// Our engine over the same subgraphs, with answers that arrive in an order of chance.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { Engine } from '../../../../gateway/src/engine/Engine.ts';
import { SubgraphError } from '../../../../gateway/src/engine/transport/SubgraphError.ts';
import { type CallRecord, callSubgraph } from './callSubgraph.ts';
import type { Executor, Observed, ObservedError, TestOperation } from './Executor.ts';
import type { Faults } from './Faults.ts';
import { Random } from './Random.ts';
import type { TestSupergraph } from './TestSupergraph.ts';

/** The executions under way, by the identity they run with. */
type Calls = Map<string, CallRecord & { order: Random }>;

/** Beyond any test; a fetch that is given up shows as a difference. */
const maxMs = 20_000;

export class Ours implements Executor, AsyncDisposable {
  readonly #engine: Engine;
  readonly #calls: Calls;
  #count = 0;

  static async start(supergraph: TestSupergraph): Promise<Ours> {
    const calls: Calls = new Map();
    const engine = await Engine.start({
      supergraphSdl: supergraph.sdl,
      send: async ({ name }, { body, identity }) => {
        const call = calls.get(identity);
        if (!call) throw new TypeError(`A fetch after the end of execution ${identity}`);
        for (let turns = call.order.below(4); turns > 0; turns--) await nextTurn();
        const text = await callSubgraph(supergraph.subgraph(name), body, call, (message) => {
          return new SubgraphError({ subgraph: name, code: 'SUBGRAPH_UNAVAILABLE', message });
        });
        for (let turns = call.order.below(4); turns > 0; turns--) await nextTurn();
        return text;
      },
    });
    return new Ours(engine, calls);
  }

  private constructor(engine: Engine, calls: Calls) {
    this.#engine = engine;
    this.#calls = calls;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine[Symbol.asyncDispose]();
  }

  /** Begins with what the engine does in another thread. What fails here fails in execute(). */
  async prepare({ query, operationName }: TestOperation): Promise<void> {
    const plan = () => this.#engine.prepare({ query, operationName }).planWithout(new Set());
    await Promise.try(plan).catch(() => undefined);
  }

  /** `order`: seed of the order in which answers arrive. */
  async execute(operation: TestOperation, faults: Faults, order = faults.seed): Promise<Observed> {
    const { query, operationName, variables } = operation;
    const prepared = this.#engine.prepare({ query, operationName });
    const identity = String(this.#count++);
    const call = {
      faults,
      effects: [],
      requests: [],
      unmet: new Set<string>(),
      order: new Random(order),
    };
    this.#calls.set(identity, call);
    const result = await prepared.execute({
      variables,
      coerced: prepared.coerce(variables),
      headers: {},
      identity,
      deadline: Date.now() + maxMs,
    });
    this.#calls.delete(identity);
    const text = JSON.stringify({ data: result.data });
    return {
      data: (JSON.parse(text) as { data?: object | null }).data,
      errors: (result.errors ?? []).map(observedError),
      effects: call.effects,
      requests: call.requests,
      unmet: call.unmet,
    };
  }
}

const observedError = (error: GraphQLError): ObservedError => {
  const { message, path, extensions = {} } = error.toJSON();
  const cause = error.originalError;
  const failedCall = cause instanceof SubgraphError && { failedCall: cause };
  return { message, ...(path && { path }), extensions, ...failedCall };
};

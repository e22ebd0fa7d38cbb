// Admits an operation, whatever protocol brought it: each step is cheaper than the next, and nothing of a later one is
// done before an earlier one has passed. Structure and validity are the engine's to check; who may ask at all, and what
// an operation may cost, is decided here. Planning and fetching come later.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { OperationCost } from '../engine/cost/OperationCosts.ts';
import type { OperationSource } from '../engine/EngineOptions.ts';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { AdmittedOperation } from './AdmittedOperation.ts';
import type { GatewayContext } from './GatewayContext.ts';
import type { Graph } from './Graph.ts';
import { Openness, type OpennessOptions } from './Openness.ts';
import { Turns } from './Turns.ts';

export interface AdmissionOptions extends OpennessOptions {
  graph: Graph;
  /** What one operation may cost. */
  maxCost: number;
}

/** As a client sent it. */
export interface AskedOperation extends Pick<OperationSource, 'query' | 'operationName'> {
  variables?: Readonly<Record<string, unknown>> | undefined;
}

export interface AskedBy extends Pick<GatewayContext, 'deadline' | 'signal'> {
  identity: Identity | undefined;
  /** Whose share what is kept of the operation counts to. */
  caller: string;
}

export class Admission {
  readonly maxCost: number;
  readonly #graph: Graph;
  readonly #openness: Openness;
  /** Reading one is work of the thread that serves everybody. */
  readonly #newDocuments = new Turns({ atOnce: 1, pause: 2 });

  constructor({ graph, maxCost, ...openness }: AdmissionOptions) {
    this.#graph = graph;
    this.maxCost = maxCost;
    this.#openness = new Openness(openness);
  }

  /**
   * At once where the operation is known. Throws, or rejects with, coded errors; an OperationError where a document has
   * several. `isAskedOnly`: the operation is not to be executed, its cost may be above the limit.
   */
  admit(
    asked: AskedOperation,
    by: AskedBy,
    isAskedOnly = false,
  ): AdmittedOperation | Promise<AdmittedOperation> {
    const { query, operationName } = asked;
    const { identity, caller } = by;
    this.#openness.checkText(query, identity);
    const source: OperationSource = {
      query,
      operationName,
      caller,
      /* What is wrong with a document tells of the schema; of those who may see it, it is remembered. */
      ...(this.#openness.isClosedTo(identity) && {
        screen: (document) => this.#openness.check(document, identity),
      }),
    };
    const known = this.#graph.prepared(source);
    if (known) return this.#admitted(known, asked, identity, isAskedOnly);
    const line = identity?.organizationId ?? caller;
    return this.#newDocuments
      .run({ ...by, line }, () => this.#graph.prepare(source))
      .then((prepared) => this.#admitted(prepared, asked, identity, isAskedOnly));
  }

  #admitted(
    prepared: PreparedOperation,
    { query, variables }: AskedOperation,
    identity: Identity | undefined,
    isAskedOnly: boolean,
  ): AdmittedOperation {
    /* Whoever brought a document first may have been let in where others are not. */
    this.#openness.check(prepared.operation.document, identity);
    const coerced = prepared.coerce(variables);
    const cost = prepared.cost(coerced);
    if (cost.estimated > this.maxCost && !isAskedOnly) throw tooExpensive(cost, this.maxCost);
    return { query, kind: prepared.kind, prepared, variables, coerced, cost };
  }
}

const tooExpensive = ({ estimated, heaviest }: OperationCost, limit: number): CrmError =>
  new CrmError(
    'OPERATION_TOO_EXPENSIVE',
    `The operation may cost ${estimated}; ${limit} is the limit. Most of it is at ${heaviest.path} (${heaviest.cost}): ask for smaller pages there.`,
    { extensions: { cost: estimated, limit, heaviest: heaviest.path } },
  );

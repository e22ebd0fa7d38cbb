// Admits an operation, whatever protocol brought it: each step is cheaper than the next, and nothing of a later one is
// done before an earlier one has passed. Structure and validity are the engine's to check; who may ask at all, and what
// an operation may cost, is decided here. Planning and fetching come later.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { OperationCost } from '../engine/cost/OperationCosts.ts';
import type { OperationSource } from '../engine/EngineOptions.ts';
import type { AdmittedOperation } from './AdmittedOperation.ts';
import type { Graph } from './Graph.ts';
import { Openness, type OpennessOptions } from './Openness.ts';

export interface AdmissionOptions extends OpennessOptions {
  graph: Graph;
  /** What one operation may cost. */
  maxCost: number;
}

/** As a client sent it. */
export interface AskedOperation extends Pick<OperationSource, 'query' | 'operationName'> {
  variables?: Readonly<Record<string, unknown>> | undefined;
}

export interface AskedBy {
  identity: Identity | undefined;
  /** Whose share what is kept of the operation counts to. */
  caller: string;
}

export class Admission {
  readonly maxCost: number;
  readonly #graph: Graph;
  readonly #openness: Openness;

  constructor({ graph, maxCost, ...openness }: AdmissionOptions) {
    this.#graph = graph;
    this.maxCost = maxCost;
    this.#openness = new Openness(openness);
  }

  /**
   * Throws coded errors; an OperationError where a document has several. `isAskedOnly`: the operation is not to be
   * executed, its cost may be above the limit.
   */
  admit(
    { query, operationName, variables }: AskedOperation,
    { identity, caller }: AskedBy,
    isAskedOnly = false,
  ): AdmittedOperation {
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
    const prepared = this.#graph.prepared(source) ?? this.#graph.prepare(source);
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

// What a Planner and its worker thread say to each other: plain data, for structured clone.
import type { QueryPlan } from '@apollo/query-planner';
import type { Subtypes } from '../compile/isOfType.ts';
import type { CostDirectives } from '../cost/CostDirectives.ts';
import type { Subgraph } from '../transport/SubgraphRequest.ts';
import type { JoinFields } from './supergraph/joinFields.ts';

export interface PlanWorkerData {
  supergraphSdl: string;
}

export interface SupergraphContents {
  /**
   * What clients may ask for: built into a schema it equals the stock gateway's, but for
   * composedDirectives.
   */
  apiSdl: string;
  /** By the names that plans use. */
  subgraphs: readonly Subgraph[];
  /** Of the whole supergraph, with what clients do not see. */
  subtypes: Subtypes;
  joinFields: JoinFields;
  costs: CostDirectives;
  /** Types and enum values that clients do not see: `Type`, `Enum.VALUE`. */
  hidden: readonly string[];
}

/** The worker's first message. */
export type StartAnswer =
  | { kind: 'ready'; contents: SupergraphContents }
  | { kind: 'invalid'; message: string };

export interface PlanQuestion {
  query: string;
  operationName: string | undefined;
}

export type PlanFailureCode = 'OPERATION_PLANNING_FAILED' | 'OPERATION_TOO_LARGE';

/** One to each question, in their order. */
export type PlanAnswer =
  | { kind: 'planned'; plan: QueryPlan }
  | { kind: 'failed'; code: PlanFailureCode; message: string };

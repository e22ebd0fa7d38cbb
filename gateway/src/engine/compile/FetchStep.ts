// A fetch of a plan, ready to run: everything that does not depend on the request is computed.
import type { Subgraph } from '../transport/SubgraphRequest.ts';
import type { Representation } from './compileRepresentation.ts';
import type { Rewrite } from './rewrites.ts';

export interface FetchStep {
  subgraph: Subgraph;
  kind: 'query' | 'mutation';
  /** Where its data goes; '@' stands for each item of a list. Empty: the root. */
  path: readonly string[];
  /** Boolean variables that must have these values, else the step has nothing to do. */
  conditions: readonly Condition[];
  /** The request's JSON up to the value of `variables`, which is last. */
  head: string;
  /** The client's variables that it uses. */
  variables: readonly string[];
  /** How entities are represented; absent where root fields are fetched. */
  representation?: Representation | undefined;
  /** Renames and sets what was fetched, before it is merged. */
  rewrite?: Rewrite | undefined;
  /** The keys that it changes: those of the subgraph's errors are the old ones. */
  renamed: ReadonlyMap<string, string>;
  /** The response keys it fills at the root; none for entities. */
  rootKeys: readonly string[];
  /** Indexes of the steps that need its data. */
  dependents: readonly number[];
  /** How many steps it waits for. */
  dependencies: number;
}

export interface Condition {
  variable: string;
  value: boolean;
}

/** What a step takes of the memory, with its functions; measured. */
export const stepBytes = ({ head, variables, rootKeys, dependents }: FetchStep): number =>
  1500 + head.length + 50 * (variables.length + rootKeys.length) + 8 * dependents.length;

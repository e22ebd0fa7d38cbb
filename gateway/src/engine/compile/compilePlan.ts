// Compiles a query plan into steps that know what they wait for. The plan's sequences are levels: all
// fetches of one wait for the slowest of the one before. Here a fetch waits only for those whose data
// it touches. The root fields of a mutation stay in order (GraphQL specification, 6.2.2).
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { Subgraph } from '../transport/SubgraphRequest.ts';
import { compileRepresentation } from './compileRepresentation.ts';
import type { Condition, FetchStep } from './FetchStep.ts';
import { type Footprint, footprint, mustPrecede } from './footprint.ts';
import type { IsOfType } from './isOfType.ts';
import { compileRewrites, renamedKeys } from './rewrites.ts';

export interface PlanContext {
  subgraphs: ReadonlyMap<string, Subgraph>;
  isOfType: IsOfType;
  /** Steps one after another, as the plan has them. */
  serial: boolean;
}

interface Draft {
  fetch: FetchNode;
  path: readonly string[];
  conditions: readonly Condition[];
  footprint: Footprint;
  index: number;
  dependencies: Draft[];
}

export const compilePlan = (plan: PlanNode | undefined, context: PlanContext): FetchStep[] => {
  const drafts: Draft[] = [];

  /** Adds the steps of a node, which comes after those of `before`; returns them. */
  const add = (
    node: PlanNode,
    before: readonly Draft[],
    path: readonly string[],
    conditions: readonly Condition[],
  ): Draft[] => {
    switch (node.kind) {
      case 'Sequence': {
        const added: Draft[] = [];
        for (const child of node.nodes) {
          added.push(...add(child, [...before, ...added], path, conditions));
        }
        return added;
      }
      case 'Parallel':
        return node.nodes.flatMap((child) => add(child, before, path, conditions));
      case 'Flatten':
        return add(node.node, before, [...path, ...node.path.map(String)], conditions);
      case 'Condition': {
        const { condition: variable, ifClause, elseClause } = node;
        const branch = (clause: PlanNode | undefined, value: boolean): Draft[] =>
          clause ? add(clause, before, path, [...conditions, { variable, value }]) : [];
        return [...branch(ifClause, true), ...branch(elseClause, false)];
      }
      case 'Fetch': {
        const own = footprint(node, path);
        const dependencies = before.filter(
          (earlier) => context.serial || mustPrecede(earlier.footprint, own),
        );
        const index = drafts.length;
        const draft = { fetch: node, path, conditions, footprint: own, index, dependencies };
        drafts.push(draft);
        return [draft];
      }
      case 'Defer':
        throw new TypeError('Plans are made without @defer');
    }
  };

  if (plan) add(plan, [], [], []);
  return drafts.map((draft) => compileFetch(draft, drafts, context));
};

const compileFetch = (
  draft: Draft,
  drafts: readonly Draft[],
  { subgraphs, isOfType }: PlanContext,
): FetchStep => {
  const { fetch, path, conditions } = draft;
  const subgraph = subgraphs.get(fetch.serviceName);
  if (!subgraph) throw new TypeError(`The supergraph has no subgraph "${fetch.serviceName}"`);
  const { operation: query, operationName } = fetch;
  return {
    subgraph,
    kind: fetch.operationKind === 'mutation' ? 'mutation' : 'query',
    path,
    conditions,
    head: `${JSON.stringify({ query, operationName }).slice(0, -1)},"variables":`,
    variables: fetch.variableUsages ?? [],
    representation:
      fetch.requires && compileRepresentation(fetch.requires, fetch.inputRewrites, isOfType),
    rewrite: compileRewrites(fetch.outputRewrites, isOfType),
    renamed: renamedKeys(fetch.outputRewrites),
    rootKeys: draft.footprint.rootKeys,
    dependents: drafts
      .filter(({ dependencies }) => dependencies.includes(draft))
      .map(({ index }) => index),
    dependencies: draft.dependencies.length,
  };
};

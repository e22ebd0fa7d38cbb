// Compiles a query plan into steps that are ready to run and know what they wait for.
import type { PlanNode } from '@apollo/query-planner';
import type { Subgraph } from '../transport/SubgraphRequest.ts';
import { compileRepresentation } from './compileRepresentation.ts';
import type { FetchStep } from './FetchStep.ts';
import type { IsOfType } from './isOfType.ts';
import { type PlanStep, planSteps } from './planSteps.ts';
import { compileRewrites, renamedKeys } from './rewrites.ts';

export interface PlanContext {
  subgraphs: ReadonlyMap<string, Subgraph>;
  isOfType: IsOfType;
  /** Steps one after another, as the plan has them. */
  serial: boolean;
}

/** The root fields of a mutation stay in order (GraphQL specification, 6.2.2). */
export const compilePlan = (plan: PlanNode | undefined, context: PlanContext): FetchStep[] => {
  const steps = plan ? planSteps(plan, context.serial) : [];
  return steps.map((step) => compileFetch(step, steps, context));
};

const compileFetch = (
  step: PlanStep,
  steps: readonly PlanStep[],
  { subgraphs, isOfType }: PlanContext,
): FetchStep => {
  const { fetch, path, conditions, footprint, after } = step;
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
    rootKeys: footprint.rootKeys,
    dependents: steps.flatMap((later, index) => (later.after.has(step) ? [index] : [])),
    dependencies: after.size,
  };
};

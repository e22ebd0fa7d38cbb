// Asks a planner for the plan of a document.
import type { QueryPlan } from '@apollo/query-planner';
import type { Asker, PlanSubject } from '@crm-graph/gateway/engine/plan/PlanJob';
import type { Planner } from '@crm-graph/gateway/engine/plan/Planner';

/** Rejects with a PlanFailure. */
export const planOf = async (
  planner: Planner,
  query: string,
  operationName?: string,
  asker?: Asker,
): Promise<QueryPlan> => {
  let plan: QueryPlan | undefined;
  const subject: PlanSubject = {
    question: () => ({ query, operationName }),
    planned: (made) => {
      plan = made;
    },
  };
  await planner.plan(subject, asker);
  if (!plan) throw new TypeError('The planner has told of no plan');
  return plan;
};

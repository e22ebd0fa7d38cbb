// The planner may ask for a field that @requires others at once, where it finds the entity in the field's
// own subgraph, and fetch what is required besides. Here such a field is asked for when that is there.
import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { footprint } from '../../compile/footprint.ts';
import { type PlanStep, planSteps } from '../../compile/planSteps.ts';
import { mapFetches } from '../fetches/mapFetches.ts';
import { pathsOf, type Requirements } from '../supergraph/Requirements.ts';
import { planInOrder } from './planInOrder.ts';
import { requiringFetch } from './requiringFetch.ts';
import { type Taken, takeUnmet, type UnmetField } from './takeUnmet.ts';
import { UnmetRequirement } from './UnmetRequirement.ts';

/**
 * For plans as the planner makes them. Throws UnmetRequirement where nothing in the plan fetches what is
 * required.
 */
export const repairRequired = (
  schema: GraphQLSchema,
  requirements: Requirements,
  plan: QueryPlan,
): QueryPlan => {
  const { node } = plan;
  /* Events are fetched for by a query of their own. */
  if (!node || node.kind === 'Subscription') return plan;
  const unmet = new Map<FetchNode, Taken>();
  let serial = false;
  mapFetches(plan, (fetch) => {
    const taken = takeUnmet(schema, requirements, fetch);
    if (taken.fields.length > 0) unmet.set(fetch, taken);
    serial ||= fetch.operationKind === 'mutation';
    return [fetch];
  });
  if (unmet.size === 0) return plan;

  const planned = planSteps(node, serial);
  const added = new Map<PlanStep, UnmetField>();
  const addStep = (from: PlanStep, fields: readonly [UnmetField, ...UnmetField[]]): PlanStep => {
    const [field] = fields;
    const fetch = requiringFetch(schema, requirements, from.fetch, fields);
    const path = [...from.path, ...field.path];
    const own = footprint(fetch, path);
    const after = new Set([...from.after, from]);
    const step: PlanStep = { ...from, fetch, path, footprint: own, after };
    for (const later of planned) {
      const needsField = !later.footprint.reads.isDisjointFrom(own.writes);
      if (needsField && later.earlier.has(from)) later.after.add(step);
    }
    added.set(step, field);
    return step;
  };
  const steps = planned.flatMap((step) => {
    const taken = unmet.get(step.fetch);
    if (!taken) return [step];
    const requiring = alike(taken.fields).map((fields) => addStep(step, fields));
    if (!taken.rest) return requiring;
    step.fetch = taken.rest;
    step.footprint = footprint(taken.rest, step.path);
    return [step, ...requiring];
  });
  for (const [step, field] of added) waitForRequired(step, field, steps);
  const [first] = added.values();
  const ordered = planInOrder(steps);
  if (!ordered) throw new UnmetRequirement(first?.type, first?.field.name.value);
  return { ...plan, node: ordered };
};

/** Fields that can be asked for at once: of one place, requiring the same. */
const alike = (fields: readonly UnmetField[]): (readonly [UnmetField, ...UnmetField[]])[] => {
  const groups = new Map<string, [UnmetField, ...UnmetField[]]>();
  for (const field of fields) {
    const { path, type, requires } = field;
    const place = JSON.stringify([path, type, pathsOf(requires).sort()]);
    const group = groups.get(place);
    if (group) group.push(field);
    else groups.set(place, [field]);
  }
  return [...groups.values()];
};

const waitForRequired = (
  step: PlanStep,
  { type, field, requires }: UnmetField,
  steps: readonly PlanStep[],
): void => {
  const sources = steps.filter((one) => one !== step && !waitsFor(one, step));
  const above = step.path.filter((part) => part !== '@');
  for (const required of pathsOf(requires)) {
    if (required === '__typename' || required.endsWith('.__typename')) continue;
    const at = [...above, required].join('.');
    const writers = sources.filter(({ footprint }) => footprint.writes.has(at));
    if (writers.length === 0) throw new UnmetRequirement(type, field.name.value);
    for (const writer of writers) step.after.add(writer);
  }
};

const waitsFor = (step: PlanStep, other: PlanStep): boolean => {
  const seen = new Set([step]);
  for (const one of seen) {
    for (const earlier of one.after) seen.add(earlier);
  }
  return seen.has(other);
};

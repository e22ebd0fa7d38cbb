// The thread of a Planner: owns one supergraph and plans one operation after another. Node runs this
// file as it is (erasable TypeScript only), compiled or not.
import { parentPort, workerData } from 'node:worker_threads';
import { errorCauses, operationFromDocument, printSchema } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { dropTypenames } from './fetches/dropTypenames.ts';
import { hoistConditions } from './fetches/hoistConditions.ts';
import { expandingOnFailure } from './operation/expandingOnFailure.ts';
import { settleConditions } from './operation/settleConditions.ts';
import type {
  PlanAnswer,
  PlanQuestion,
  PlanRefusalCode,
  PlanWorkerData,
  StartAnswer,
} from './planMessages.ts';
import { repairRequired } from './required/repairRequired.ts';
import { restoreRequired } from './required/restoreRequired.ts';
import { splitFetches } from './required/splitFetches.ts';
import { composedDirectives, withoutDirectives } from './supergraph/composedDirectives.ts';
import { costDirectives } from './supergraph/costDirectives.ts';
import { hiddenNames } from './supergraph/hiddenNames.ts';
import { Requirements } from './supergraph/Requirements.ts';
import { readSupergraph } from './supergraph/readSupergraph.ts';
import { unionCompletion } from './unions/completeUnions.ts';

/** The planner's own bounds on what an operation may select; it throws plain errors. */
const tooLarge =
  /^(?:Exceeded maximum recursive selections|Number of non-local selections exceeds)/;

const start = ({ supergraphSdl }: PlanWorkerData): ((question: PlanQuestion) => QueryPlan) => {
  const { supergraph, planned, document, subtypes, joinFields } = readSupergraph(supergraphSdl);
  const api = supergraph.apiSchema();
  const composed = composedDirectives(document, api);
  /* What reads plans expects each fetch's fields in its operation. */
  const planner = new QueryPlanner(planned, { reuseQueryFragments: false });
  tell({
    kind: 'ready',
    contents: {
      apiSdl: `${printSchema(api)}\n${composed.sdl}`,
      subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
      subtypes,
      hidden: hiddenNames(supergraph.schema, api),
      joinFields,
      costs: costDirectives(supergraph.schema, document),
    },
  });
  const plannedApi = planned === supergraph ? api : planned.apiSchema();
  const schema = planned.schema.toGraphQLJSSchema();
  const apiSchema = plannedApi.toGraphQLJSSchema();
  const { ownNames } = joinFields;
  const graphs = planned.subgraphNameToGraphEnumValue();
  const requirements = new Requirements({ document, schema, graphs, ownNames });
  const completeUnions = unionCompletion(planned);
  return ({ query, operationName }) => {
    const asked = withoutDirectives(composed.names, parse(query, { noLocation: true }));
    const settled = settleConditions(asked);
    const { operation, plan } = expandingOnFailure(apiSchema, settled, (document) => {
      const operation = operationFromDocument(plannedApi, document, { operationName });
      return { operation, plan: planner.buildQueryPlan(operation) };
    });
    const completed = completeUnions?.(plan, operation) ?? plan;
    const repaired = repairRequired(schema, requirements, completed);
    const restored = restoreRequired(ownNames, repaired);
    const split = splitFetches(requirements, restored);
    return hoistConditions(dropTypenames(schema, split));
  };
};

const answer = (plan: () => QueryPlan): PlanAnswer => {
  try {
    return { kind: 'planned', plan: plan() };
  } catch (cause) {
    const message = messageOf(cause);
    const code: PlanRefusalCode = tooLarge.test(message)
      ? 'OPERATION_TOO_LARGE'
      : 'OPERATION_PLANNING_FAILED';
    return { kind: 'failed', code, message };
  }
};

/** Of each problem, where the error is an aggregate. */
const messageOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  const causes = errorCauses(cause);
  return causes?.length ? causes.map(({ message }) => message).join('\n') : cause.message;
};

const tell = (message: StartAnswer | PlanAnswer): void => parentPort?.postMessage(message);

try {
  const plan = start(workerData);
  parentPort?.on('message', (question: PlanQuestion) => tell(answer(() => plan(question))));
} catch (cause) {
  tell({ kind: 'invalid', message: messageOf(cause) });
}

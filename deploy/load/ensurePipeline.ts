// The pipeline that a loader puts deals into: the one with its external id, else a new one.
import { RefusedError, type UserError } from './createMissing.ts';
import type { GraphClient } from './GraphClient.ts';

export interface PipelinePlan {
  name: string;
  externalId: string;
  stages: readonly { name: string; kind: string; probability: number }[];
}

interface Pipeline {
  id: string;
  externalId: string | null;
  stages: { id: string; name: string }[];
}

export interface EnsuredPipeline {
  id: string;
  stageIds: Map<string, string>;
  created: boolean;
}

const find = '{ pipelines { id externalId stages { id name } } }';
const create = `mutation CreatePipeline($input: CreatePipelineInput!) {
  createPipeline(input: $input) {
    pipeline { id externalId stages { id name } } userErrors { code field message }
  }
}`;

export async function ensurePipeline(
  client: GraphClient,
  plan: PipelinePlan,
  runId: string,
): Promise<EnsuredPipeline> {
  const { pipelines } = await client.request<{ pipelines: Pipeline[] }>(find);
  const known = pipelines.find(({ externalId }) => externalId === plan.externalId);
  const pipeline = known ?? (await createPipeline(client, plan, runId));
  const stageIds = new Map(pipeline.stages.map(({ id, name }) => [name, id]));
  return { id: pipeline.id, stageIds, created: known === undefined };
}

async function createPipeline(
  client: GraphClient,
  plan: PipelinePlan,
  runId: string,
): Promise<Pipeline> {
  const idempotencyKey = `${runId}:createPipeline`;
  const { createPipeline: payload } = await client.request<{
    createPipeline: { pipeline: Pipeline | null; userErrors: UserError[] };
  }>(create, { input: { ...plan, idempotencyKey } });
  if (payload.pipeline === null) throw new RefusedError('createPipeline', payload.userErrors);
  return payload.pipeline;
}

// Pipelines and stages: read by all, made by managers.

import { ListSize } from '@crm-graph/shared/graphql/cost';
import { MutationInput, MutationPayload } from '@crm-graph/shared/mutation/MutationInput';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import { type UserErrorInput, UserErrors } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { v7 as uuidv7 } from 'uuid';
import { pipelineById, stagesOfPipeline } from './loaders.ts';
import { Pipeline } from './Pipeline.ts';
import { Stage, StageKind } from './Stage.ts';

@InputType({ description: 'A stage of a new pipeline.' })
export class StageInput {
  @Field(() => String, { description: 'The name, 1 to 100 characters.' })
  name!: string;

  @Field(() => StageKind, { description: 'Whether deals in it are open, won or lost.' })
  kind!: StageKind;

  @Field(() => Int, {
    nullable: true,
    description: 'In percent, 0 to 100; 100 for WON, 0 otherwise when absent.',
  })
  probability?: number | null;
}

@InputType({ description: 'A pipeline to create.' })
export class CreatePipelineInput extends MutationInput {
  @Field(() => String, { description: 'The name, 1 to 100 characters.' })
  name!: string;

  @Field(() => [StageInput], { description: '1 to 50 stages, in order.' })
  stages!: StageInput[];

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  externalId?: string | null;
}

@ObjectType({ description: 'What became of creating a pipeline.' })
export class PipelinePayload extends MutationPayload {
  @Field(() => Pipeline, { nullable: true, description: 'The pipeline; null on errors.' })
  pipeline?: Pipeline | null;
}

const maxName = 100;
const maxStages = 50;
const maxPipelines = 100;

async function createPipeline(scope: MutationScope, input: CreatePipelineInput): Promise<string> {
  const problems: UserErrorInput[] = [];
  const checkName = (name: string, field: string[]) => {
    if (name.trim() !== '' && name.length <= maxName) return;
    problems.push({ code: 'INVALID', field, message: `A name has 1 to ${maxName} characters.` });
  };
  checkName(input.name, ['input', 'name']);
  if (input.stages.length === 0 || input.stages.length > maxStages) {
    const message = `A pipeline has 1 to ${maxStages} stages.`;
    problems.push({ code: 'INVALID', field: ['input', 'stages'], message });
  }
  for (const [index, stage] of input.stages.entries()) {
    checkName(stage.name, ['input', 'stages', String(index), 'name']);
  }
  const { manager, identity } = scope;
  if ((await manager.count(Pipeline)) >= maxPipelines) {
    const message = `An organization has at most ${maxPipelines} pipelines.`;
    problems.push({ code: 'INVALID', field: ['input'], message });
  }
  if (problems.length > 0) throw new UserErrors(problems);

  const { organizationId } = identity;
  const id = uuidv7();
  const { name, externalId } = input;
  await manager.insert(Pipeline, { organizationId, id, name, externalId: externalId ?? null });
  await manager.insert(
    Stage,
    input.stages.map((stage, index) => ({
      organizationId,
      id: uuidv7(),
      pipelineId: id,
      name: stage.name,
      kind: stage.kind,
      position: index + 1,
      probability: stage.probability ?? (stage.kind === StageKind.WON ? 100 : 0),
    })),
  );
  return id;
}

@Resolver(() => Pipeline)
export class PipelineResolver {
  @ListSize({ assumedSize: maxPipelines })
  @Query(() => [Pipeline], { description: 'The pipelines of the organization, oldest first.' })
  async pipelines(@Ctx() context: SubgraphContext): Promise<Pipeline[]> {
    const manager = await context.transaction.manager();
    return manager.find(Pipeline, { order: { createdAt: 'ASC', id: 'ASC' }, take: maxPipelines });
  }

  @Query(() => Pipeline, { nullable: true, description: 'A pipeline; null when there is none.' })
  async pipeline(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Pipeline | undefined> {
    return pipelineById(context).load(id);
  }

  @ListSize({ assumedSize: maxStages })
  @FieldResolver(() => [Stage], { description: 'Its stages, in order.' })
  async stages(@Root() pipeline: Pipeline, @Ctx() context: SubgraphContext): Promise<Stage[]> {
    return stagesOfPipeline(context).load(pipeline.id);
  }

  @Mutation(() => PipelinePayload, { description: 'Creates a pipeline with its stages.' })
  async createPipeline(
    @Arg('input', () => CreatePipelineInput, { description: 'The pipeline.' })
    input: CreatePipelineInput,
    @Ctx() context: SubgraphContext,
  ): Promise<PipelinePayload> {
    const { record, ...rest } = await mutateRecord(
      context,
      'createPipeline',
      input,
      createPipeline,
      pipelineById,
    );
    return { pipeline: record, ...rest };
  }
}

@Resolver(() => Stage)
export class StageResolver {
  @FieldResolver(() => Pipeline, { description: 'The pipeline it belongs to.' })
  async pipeline(@Root() stage: Stage, @Ctx() context: SubgraphContext) {
    return pipelineById(context).load(stage.pipelineId);
  }
}

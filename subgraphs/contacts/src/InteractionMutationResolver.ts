// The mutations of interactions: each names its work and shapes its payload, `mutate` does the rest.
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { deleteRecord } from './changeRecord.ts';
import { createInteraction } from './createInteraction.ts';
import { Interaction } from './Interaction.ts';
import {
  CreateInteractionInput,
  DeleteInteractionInput,
  DeleteInteractionPayload,
  InteractionPayload,
  UpdateInteractionInput,
} from './interactionInputs.ts';
import { interactionKind } from './interactionKind.ts';
import { interactionById } from './loaders.ts';
import { updateInteraction } from './updateInteraction.ts';

@Resolver(() => Interaction)
export class InteractionMutationResolver {
  @Mutation(() => InteractionPayload, { description: 'Records an interaction.' })
  async createInteraction(
    @Arg('input', () => CreateInteractionInput, { description: 'The interaction.' })
    input: CreateInteractionInput,
    @Ctx() context: SubgraphContext,
  ): Promise<InteractionPayload> {
    const { record: interaction, ...rest } = await mutateRecord(
      context,
      'createInteraction',
      input,
      createInteraction,
      interactionById,
    );
    return { interaction, ...rest };
  }

  @Mutation(() => InteractionPayload, { description: 'Changes an interaction.' })
  async updateInteraction(
    @Arg('input', () => UpdateInteractionInput, { description: 'What to change.' })
    input: UpdateInteractionInput,
    @Ctx() context: SubgraphContext,
  ): Promise<InteractionPayload> {
    const { record: interaction, ...rest } = await mutateRecord(
      context,
      'updateInteraction',
      input,
      updateInteraction,
      interactionById,
    );
    return { interaction, ...rest };
  }

  @Mutation(() => DeleteInteractionPayload, { description: 'Deletes an interaction.' })
  async deleteInteraction(
    @Arg('input', () => DeleteInteractionInput, { description: 'The interaction.' })
    input: DeleteInteractionInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DeleteInteractionPayload> {
    const { stored, cursor, userErrors } = await mutate(
      context,
      'deleteInteraction',
      input,
      (scope) => deleteRecord(scope, interactionKind, input),
    );
    return { deletedId: stored ?? null, cursor: cursor ?? null, userErrors };
  }
}

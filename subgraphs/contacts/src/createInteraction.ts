// Records one interaction.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { v7 as uuidv7 } from 'uuid';
import { insertRecords } from './changeRecord.ts';
import { interactionProblems } from './checkInteraction.ts';
import { defaultOwner } from './defaultOwner.ts';
import { Interaction } from './Interaction.ts';
import type { CreateInteractionInput } from './interactionInputs.ts';
import { interactionKind } from './interactionKind.ts';

/** Returns the id. That the contact exists, the database holds. */
export async function createInteraction(
  scope: MutationScope,
  input: CreateInteractionInput,
): Promise<string> {
  const problems = interactionProblems(input, input.id);
  if (problems.length > 0) throw new UserErrors(problems);
  const { identity, now } = scope;
  const interaction = Object.assign(new Interaction(), {
    organizationId: identity.organizationId,
    id: input.id?.toLowerCase() ?? uuidv7(),
    version: 1,
    createdAt: now,
    updatedAt: now,
    type: input.type,
    contactId: input.contactId.toLowerCase(),
    authorId: defaultOwner(scope, input.authorId),
    occurredAt: input.occurredAt ?? now,
    subject: input.subject.trim(),
    body: input.body ?? null,
    durationMinutes: input.durationMinutes ?? null,
    externalId: input.externalId ?? null,
  });
  await insertRecords(scope, interactionKind, [interaction]);
  return interaction.id;
}

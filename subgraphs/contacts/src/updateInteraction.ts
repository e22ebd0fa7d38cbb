// Changes an interaction.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { lockRecord, saveRecord } from './changeRecord.ts';
import { interactionProblems } from './checkInteraction.ts';
import type { UpdateInteractionInput } from './interactionInputs.ts';
import { interactionKind } from './interactionKind.ts';

export async function updateInteraction(
  scope: MutationScope,
  input: UpdateInteractionInput,
): Promise<string> {
  const problems = interactionProblems(input);
  if (problems.length > 0) throw new UserErrors(problems);
  const locked = await lockRecord(scope, interactionKind, input);
  const { entity: interaction } = locked;
  const { type, contactId, subject, occurredAt, authorId } = input;
  if (type != null) interaction.type = type;
  if (contactId != null) interaction.contactId = contactId.toLowerCase();
  if (subject != null) interaction.subject = subject.trim();
  if (occurredAt != null) interaction.occurredAt = occurredAt;
  if (authorId !== undefined) interaction.authorId = authorId?.toLowerCase() ?? null;
  if (input.body !== undefined) interaction.body = input.body;
  if (input.durationMinutes !== undefined) interaction.durationMinutes = input.durationMinutes;
  if (input.externalId !== undefined) interaction.externalId = input.externalId;
  return saveRecord(scope, interactionKind, locked);
}

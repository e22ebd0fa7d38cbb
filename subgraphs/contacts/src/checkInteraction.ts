// What makes the input of an interaction acceptable, beyond its types.
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { FieldProblems } from './FieldProblems.ts';
import type { InteractionType } from './Interaction.ts';
import type { InteractionFields } from './interactionInputs.ts';

const maxSubject = 500;
const maxBody = 100_000;
const maxExternalId = 200;
/** A week. */
const maxMinutes = 7 * 24 * 60;

export interface CheckedInteraction extends InteractionFields {
  type?: InteractionType | null;
  contactId?: string | null;
  subject?: string | null;
  authorId?: string | null;
}

/** What is wrong with `input`; `newId` is the id of an interaction to be. */
export function interactionProblems(
  input: CheckedInteraction,
  newId?: string | null,
): UserErrorInput[] {
  const problems = new FieldProblems(['input']);
  problems.newId('id', newId);
  for (const field of ['type', 'contactId'] as const) {
    if (input[field] === null) problems.add('REQUIRED', field, `${field} cannot be empty.`);
  }
  problems.required('subject', input.subject, maxSubject);
  problems.text('body', input.body, maxBody);
  problems.text('externalId', input.externalId, maxExternalId);
  problems.range('durationMinutes', input.durationMinutes, 0, maxMinutes);
  problems.reference('contactId', input.contactId);
  problems.reference('authorId', input.authorId);
  return problems.found;
}

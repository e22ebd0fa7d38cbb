// Deletes a contact with its interactions. Each has an event of its own: whoever keeps a copy by the
// log has to learn of them, too.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { Contact } from './Contact.ts';
import { deleted, lockRecord } from './changeRecord.ts';
import type { DeleteContactInput } from './contactInputs.ts';
import { contactKind } from './contactKind.ts';
import { Interaction } from './Interaction.ts';
import { interactionKind } from './interactionKind.ts';

/** While the contact is locked no interaction can be added to it. */
export async function deleteContact(
  scope: MutationScope,
  input: DeleteContactInput,
): Promise<string> {
  const { manager } = scope;
  const { entity: contact } = await lockRecord(scope, contactKind, input);
  const { organizationId, id } = contact;
  const interactions = await manager.find(Interaction, {
    where: { contactId: id },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  // The foreign key takes the interactions along.
  await manager.delete(Contact, { organizationId, id });
  for (const interaction of interactions) deleted(scope, interactionKind, interaction);
  deleted(scope, contactKind, contact);
  return id;
}

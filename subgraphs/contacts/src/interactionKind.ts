// What the events of interactions are called and carry: InteractionCreated, InteractionUpdated, InteractionDeleted.
import { recordTimes } from '@crm-graph/shared/events/recordColumns';
import type { RecordKind } from './changeRecord.ts';
import { Interaction } from './Interaction.ts';

export const interactionKind: RecordKind<Interaction> = {
  name: 'Interaction',
  entity: Interaction,
  snapshot: (interaction) => ({
    id: interaction.id,
    type: interaction.type,
    contactId: interaction.contactId,
    authorId: interaction.authorId,
    occurredAt: interaction.occurredAt.toISOString(),
    subject: interaction.subject,
    body: interaction.body,
    durationMinutes: interaction.durationMinutes,
    externalId: interaction.externalId,
    ...recordTimes(interaction),
  }),
  restore: (record) =>
    Object.assign(new Interaction(), record, {
      occurredAt: new Date(String(record['occurredAt'])),
    }),
};

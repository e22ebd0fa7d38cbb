// What the events of contacts are called and carry: ContactCreated, ContactUpdated, ContactDeleted.

import { recordTimes } from '@crm-graph/shared/events/recordColumns';
import { Contact } from './Contact.ts';
import type { RecordKind } from './changeRecord.ts';
import { emailColumns } from './fillContact.ts';

export const contactKind: RecordKind<Contact> = {
  name: 'Contact',
  entity: Contact,
  snapshot: (contact) => ({
    id: contact.id,
    firstName: contact.firstName,
    lastName: contact.lastName,
    name: contact.name,
    // Members in one order: jsonb has its own, and the same addresses must give the same text.
    emails: contact.emails.map(({ address, label, primary }) => ({ address, label, primary })),
    phones: contact.phones.map(({ number, label, primary }) => ({ number, label, primary })),
    jobTitle: contact.jobTitle,
    companyId: contact.companyId,
    ownerId: contact.ownerId,
    tags: contact.tags,
    externalId: contact.externalId,
    ...recordTimes(contact),
  }),
  restore: (record) => {
    const contact = Object.assign(new Contact(), record);
    return Object.assign(contact, emailColumns(contact.emails));
  },
};

// A new contact from a caller's values and the defaults.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { v7 as uuidv7 } from 'uuid';
import { Contact } from './Contact.ts';
import type { ContactItemInput } from './contactInputs.ts';
import { defaultOwner } from './defaultOwner.ts';
import { fillContact } from './fillContact.ts';

export function newContact(scope: MutationScope, input: ContactItemInput): Contact {
  const { identity, now } = scope;
  const contact = Object.assign(new Contact(), {
    organizationId: identity.organizationId,
    id: input.id?.toLowerCase() ?? uuidv7(),
    version: 1,
    createdAt: now,
    updatedAt: now,
    firstName: null,
    lastName: null,
    emails: [],
    emailAddresses: [],
    primaryEmail: null,
    phones: [],
    jobTitle: null,
    companyId: null,
    ownerId: defaultOwner(scope, input.ownerId),
    tags: [],
    externalId: null,
  });
  return fillContact(contact, input);
}

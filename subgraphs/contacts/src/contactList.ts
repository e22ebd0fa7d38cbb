// The list of contacts: its order, its arguments, and what the lists below other records share with it.
import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { type OrderBy, type OrderFields, orderInput } from '@crm-graph/shared/graphql/order';
import { ArgsType, Field, registerEnumType } from 'type-graphql';
import { Contact } from './Contact.ts';
import { ContactFilter, contactFilterFields } from './filters.ts';

export enum ContactOrderField {
  NAME = 'NAME',
  LAST_NAME = 'LAST_NAME',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}

registerEnumType(ContactOrderField, {
  name: 'ContactOrderField',
  description: 'What contacts can be ordered by.',
  valuesConfig: {
    NAME: { description: 'First, then last name, by alphabet.' },
    LAST_NAME: { description: 'The last name, by alphabet.' },
    CREATED_AT: { description: 'The time of creation.' },
    UPDATED_AT: { description: 'The time of the last change.' },
  },
});

const ContactOrder = orderInput(ContactOrderField, 'Contact');

const orderFields: OrderFields = {
  NAME: 'name',
  LAST_NAME: 'lastName',
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
};

export const { Connection: ContactConnection } = connectionOf(Contact, 'Contact');

@ArgsType()
export class ContactsArgs extends ConnectionArgs {
  @Field(() => ContactFilter, { nullable: true, description: 'Which contacts; all when absent.' })
  filter?: ContactFilter | null;

  @Field(() => [ContactOrder], {
    nullable: true,
    description: 'Up to 4 fields, the first counting most; by creation when absent.',
  })
  orderBy?: OrderBy;
}

export const contactList = { entity: Contact, filterFields: contactFilterFields, orderFields };

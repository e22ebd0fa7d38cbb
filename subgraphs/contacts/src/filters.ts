// How lists of companies, contacts and interactions can be narrowed. In one file, since each filter
// reaches into the others.
import type { FilterFields } from '@crm-graph/shared/graphql/filter';
import {
  DateTimeFilter,
  DecimalFilter,
  enumFilter,
  IDFilter,
  IntFilter,
  StringFilter,
  StringListFilter,
} from '@crm-graph/shared/graphql/filterInputs';
import { Field, InputType } from 'type-graphql';
import { Company } from './Company.ts';
import { Contact } from './Contact.ts';
import { Interaction, InteractionType } from './Interaction.ts';

const InteractionTypeFilter = enumFilter(InteractionType, 'InteractionType');

const optional = (description: string) => ({ nullable: true, description });
const all = optional('All of these.');
const any = optional('At least one of these.');
const none = optional('Not this.');

@InputType({ description: 'Which companies.' })
export class CompanyFilter {
  @Field(() => [CompanyFilter], all)
  and?: CompanyFilter[] | null;

  @Field(() => [CompanyFilter], any)
  or?: CompanyFilter[] | null;

  @Field(() => CompanyFilter, none)
  not?: CompanyFilter | null;

  @Field(() => IDFilter, optional('By id.'))
  id?: IDFilter | null;

  @Field(() => StringFilter, optional('By name.'))
  name?: StringFilter | null;

  @Field(() => StringFilter, optional('By domain, which is in lower case.'))
  domain?: StringFilter | null;

  @Field(() => StringFilter, optional('By sector.'))
  sector?: StringFilter | null;

  @Field(() => StringFilter, optional('By location.'))
  location?: StringFilter | null;

  @Field(() => IntFilter, optional('By number of employees.'))
  employees?: IntFilter | null;

  @Field(() => DecimalFilter, optional('By annual revenue, in any currency.'))
  annualRevenue?: DecimalFilter | null;

  @Field(() => StringFilter, optional('By currency of the annual revenue.'))
  annualRevenueCurrency?: StringFilter | null;

  @Field(() => IntFilter, optional('By year of foundation.'))
  yearEstablished?: IntFilter | null;

  @Field(() => IDFilter, optional('By parent company.'))
  parentId?: IDFilter | null;

  @Field(() => CompanyFilter, optional('By what the parent company is like.'))
  parent?: CompanyFilter | null;

  @Field(() => CompaniesFilter, optional('By subsidiaries.'))
  subsidiaries?: object | null;

  @Field(() => IDFilter, optional('By owner.'))
  ownerId?: IDFilter | null;

  @Field(() => ContactsFilter, optional('By contacts.'))
  contacts?: object | null;

  @Field(() => DateTimeFilter, optional('By time of creation.'))
  createdAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, optional('By time of the last change.'))
  updatedAt?: DateTimeFilter | null;

  @Field(() => StringFilter, optional('By id in another system.'))
  externalId?: StringFilter | null;
}

@InputType({ description: 'By companies that belong to a record.' })
export class CompaniesFilter {
  @Field(() => CompanyFilter, optional('At least one is so.'))
  some?: CompanyFilter | null;

  @Field(() => CompanyFilter, optional('All are so, or there are none.'))
  every?: CompanyFilter | null;

  @Field(() => CompanyFilter, optional('None is so.'))
  none?: CompanyFilter | null;
}

@InputType({ description: 'Which contacts.' })
export class ContactFilter {
  @Field(() => [ContactFilter], all)
  and?: ContactFilter[] | null;

  @Field(() => [ContactFilter], any)
  or?: ContactFilter[] | null;

  @Field(() => ContactFilter, none)
  not?: ContactFilter | null;

  @Field(() => IDFilter, optional('By id.'))
  id?: IDFilter | null;

  @Field(() => StringFilter, optional('By first and last name.'))
  name?: StringFilter | null;

  @Field(() => StringFilter, optional('By first name.'))
  firstName?: StringFilter | null;

  @Field(() => StringFilter, optional('By last name.'))
  lastName?: StringFilter | null;

  @Field(() => StringFilter, optional('By primary e-mail address, which is in lower case.'))
  primaryEmail?: StringFilter | null;

  @Field(() => StringListFilter, optional('By all e-mail addresses, in lower case.'))
  emails?: StringListFilter | null;

  @Field(() => StringFilter, optional('By job title.'))
  jobTitle?: StringFilter | null;

  @Field(() => IDFilter, optional('By company.'))
  companyId?: IDFilter | null;

  @Field(() => CompanyFilter, optional('By what the company is like.'))
  company?: CompanyFilter | null;

  @Field(() => IDFilter, optional('By owner.'))
  ownerId?: IDFilter | null;

  @Field(() => StringListFilter, optional('By tags.'))
  tags?: StringListFilter | null;

  @Field(() => InteractionsFilter, optional('By interactions.'))
  interactions?: object | null;

  @Field(() => DateTimeFilter, optional('By time of creation.'))
  createdAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, optional('By time of the last change.'))
  updatedAt?: DateTimeFilter | null;

  @Field(() => StringFilter, optional('By id in another system.'))
  externalId?: StringFilter | null;
}

@InputType({ description: 'By contacts that belong to a record.' })
export class ContactsFilter {
  @Field(() => ContactFilter, optional('At least one is so.'))
  some?: ContactFilter | null;

  @Field(() => ContactFilter, optional('All are so, or there are none.'))
  every?: ContactFilter | null;

  @Field(() => ContactFilter, optional('None is so.'))
  none?: ContactFilter | null;
}

@InputType({ description: 'Which interactions.' })
export class InteractionFilter {
  @Field(() => [InteractionFilter], all)
  and?: InteractionFilter[] | null;

  @Field(() => [InteractionFilter], any)
  or?: InteractionFilter[] | null;

  @Field(() => InteractionFilter, none)
  not?: InteractionFilter | null;

  @Field(() => IDFilter, optional('By id.'))
  id?: IDFilter | null;

  @Field(() => InteractionTypeFilter, optional('By type.'))
  type?: object | null;

  @Field(() => IDFilter, optional('By contact.'))
  contactId?: IDFilter | null;

  @Field(() => ContactFilter, optional('By what the contact is like.'))
  contact?: ContactFilter | null;

  @Field(() => IDFilter, optional('By author.'))
  authorId?: IDFilter | null;

  @Field(() => DateTimeFilter, optional('By when it took place.'))
  occurredAt?: DateTimeFilter | null;

  @Field(() => StringFilter, optional('By subject.'))
  subject?: StringFilter | null;

  @Field(() => StringFilter, optional('By body.'))
  body?: StringFilter | null;

  @Field(() => IntFilter, optional('By duration in minutes.'))
  durationMinutes?: IntFilter | null;

  @Field(() => DateTimeFilter, optional('By time of creation.'))
  createdAt?: DateTimeFilter | null;

  @Field(() => StringFilter, optional('By id in another system.'))
  externalId?: StringFilter | null;
}

@InputType({ description: 'By interactions that belong to a record.' })
export class InteractionsFilter {
  @Field(() => InteractionFilter, optional('At least one is so.'))
  some?: InteractionFilter | null;

  @Field(() => InteractionFilter, optional('All are so, or there are none.'))
  every?: InteractionFilter | null;

  @Field(() => InteractionFilter, optional('None is so.'))
  none?: InteractionFilter | null;
}

export const companyFilterFields: FilterFields = {
  id: 'id',
  name: 'name',
  domain: 'domain',
  sector: 'sector',
  location: 'location',
  employees: 'employees',
  annualRevenue: 'annualRevenueAmount',
  annualRevenueCurrency: 'annualRevenueCurrency',
  yearEstablished: 'yearEstablished',
  parentId: 'parentId',
  parent: { one: () => Company, key: 'parentId', fields: () => companyFilterFields },
  subsidiaries: { many: () => Company, key: 'parentId', fields: () => companyFilterFields },
  ownerId: 'ownerId',
  contacts: { many: () => Contact, key: 'companyId', fields: () => contactFilterFields },
  createdAt: 'createdAt',
  updatedAt: 'updatedAt',
  externalId: 'externalId',
};

export const contactFilterFields: FilterFields = {
  id: 'id',
  name: 'name',
  firstName: 'firstName',
  lastName: 'lastName',
  primaryEmail: 'primaryEmail',
  emails: { list: 'emailAddresses' },
  jobTitle: 'jobTitle',
  companyId: 'companyId',
  company: { one: () => Company, key: 'companyId', fields: () => companyFilterFields },
  ownerId: 'ownerId',
  tags: { list: 'tags' },
  interactions: {
    many: () => Interaction,
    key: 'contactId',
    fields: () => interactionFilterFields,
  },
  createdAt: 'createdAt',
  updatedAt: 'updatedAt',
  externalId: 'externalId',
};

export const interactionFilterFields: FilterFields = {
  id: 'id',
  type: 'type',
  contactId: 'contactId',
  contact: { one: () => Contact, key: 'contactId', fields: () => contactFilterFields },
  authorId: 'authorId',
  occurredAt: 'occurredAt',
  subject: 'subject',
  body: 'body',
  durationMinutes: 'durationMinutes',
  createdAt: 'createdAt',
  externalId: 'externalId',
};

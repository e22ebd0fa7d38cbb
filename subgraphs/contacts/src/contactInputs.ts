// The inputs and payloads of contact mutations.
import { bulkSize, ListSize } from '@crm-graph/shared/graphql/cost';
import {
  MutationInput,
  MutationPayload,
  UpdateInput,
} from '@crm-graph/shared/mutation/MutationInput';
import { maxUserErrors, UserError } from '@crm-graph/shared/mutation/UserError';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Contact, ContactEmailInput, ContactPhoneInput } from './Contact.ts';
import { optional, texts } from './inputTexts.ts';

@InputType()
export abstract class ContactFields {
  @Field(() => String, optional('First name. A contact has a first or a last name.'))
  firstName?: string | null;

  @Field(() => String, optional('Last name.'))
  lastName?: string | null;

  @Field(() => [ContactEmailInput], optional('E-mail addresses, at most 20; replaces them all.'))
  emails?: ContactEmailInput[] | null;

  @Field(() => [ContactPhoneInput], optional('Phone numbers, at most 20; replaces them all.'))
  phones?: ContactPhoneInput[] | null;

  @Field(() => String, optional('What they do at the company.'))
  jobTitle?: string | null;

  @Field(() => ID, optional('The company they are at.'))
  companyId?: string | null;

  @Field(() => [String], optional('Words to sort contacts by, at most 50; replaces them all.'))
  tags?: string[] | null;

  @Field(() => String, optional(texts.externalId))
  externalId?: string | null;
}

@InputType({ description: 'A contact to create, one of many.' })
export class ContactItemInput extends ContactFields {
  @Field(() => ID, optional(texts.id))
  id?: string | null;

  @Field(() => ID, optional(texts.ownerAtCreation))
  ownerId?: string | null;
}

@InputType({ description: 'A contact to create.' })
export class CreateContactInput extends ContactItemInput {
  @Field(() => String, optional(texts.idempotencyKey))
  idempotencyKey?: string | null;
}

@InputType({ description: 'What to change in a contact. Absent: stays. Null: becomes empty.' })
export class UpdateContactInput extends ContactFields {
  @Field(() => ID, { description: 'The contact.' })
  id!: string;

  @Field(() => Int, optional(texts.expectedVersion))
  expectedVersion?: number | null;

  @Field(() => ID, optional('Who looks after them.'))
  ownerId?: string | null;

  @Field(() => String, optional(texts.idempotencyKey))
  idempotencyKey?: string | null;
}

@InputType({ description: 'The contact to delete.' })
export class DeleteContactInput extends UpdateInput {}

@InputType({ description: 'Contacts to create.' })
export class BulkCreateContactsInput extends MutationInput {
  @Field(() => [ContactItemInput], { description: texts.items })
  items!: ContactItemInput[];
}

@ObjectType({ description: 'What became of creating or updating a contact.' })
export class ContactPayload extends MutationPayload {
  @Field(() => Contact, optional('The contact as it is now; null on errors.'))
  contact?: Contact | null;
}

@ObjectType({ description: 'What became of deleting a contact.' })
export class DeleteContactPayload extends MutationPayload {
  @Field(() => ID, optional('The contact deleted; null on errors.'))
  deletedId?: string | null;
}

@ObjectType({ description: 'What became of one item.' })
export class BulkContactResult {
  @Field(() => Int, { description: texts.index })
  index!: number;

  @Field(() => Contact, optional('The contact created; null on errors.'))
  contact?: Contact | null;

  @ListSize({ assumedSize: maxUserErrors })
  @Field(() => [UserError], { description: texts.itemErrors })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of the items: those without errors were all created.' })
export class BulkContactsPayload extends MutationPayload {
  @ListSize(bulkSize)
  @Field(() => [BulkContactResult], { description: 'One for each item, in order.' })
  results!: BulkContactResult[];
}

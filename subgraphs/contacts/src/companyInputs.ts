// The inputs and payloads of company mutations.
import { bulkSize, ListSize } from '@crm-graph/shared/graphql/cost';
import { MoneyInput } from '@crm-graph/shared/graphql/Money';
import {
  MutationInput,
  MutationPayload,
  UpdateInput,
} from '@crm-graph/shared/mutation/MutationInput';
import { maxUserErrors, UserError } from '@crm-graph/shared/mutation/UserError';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Company } from './Company.ts';
import { optional, texts } from './inputTexts.ts';

@InputType()
export abstract class CompanyFields {
  @Field(() => String, optional('Its domain on the internet, such as example.com.'))
  domain?: string | null;

  @Field(() => String, optional('What it works in.'))
  sector?: string | null;

  @Field(() => String, optional('Where it is.'))
  location?: string | null;

  @Field(() => Int, optional('How many people work there.'))
  employees?: number | null;

  @Field(() => MoneyInput, optional('What it takes in a year.'))
  annualRevenue?: MoneyInput | null;

  @Field(() => Int, optional('The year it was founded.'))
  yearEstablished?: number | null;

  @Field(() => ID, optional('The company it is part of.'))
  parentId?: string | null;

  @Field(() => String, optional(texts.externalId))
  externalId?: string | null;
}

@InputType({ description: 'A company to create, one of many.' })
export class CompanyItemInput extends CompanyFields {
  @Field(() => ID, optional(texts.id))
  id?: string | null;

  @Field(() => String, { description: 'The name, 1 to 200 characters.' })
  name!: string;

  @Field(() => ID, optional(texts.ownerAtCreation))
  ownerId?: string | null;
}

@InputType({ description: 'A company to create.' })
export class CreateCompanyInput extends CompanyItemInput {
  @Field(() => String, optional(texts.idempotencyKey))
  idempotencyKey?: string | null;
}

@InputType({ description: 'What to change in a company. Absent: stays. Null: becomes empty.' })
export class UpdateCompanyInput extends CompanyFields {
  @Field(() => ID, { description: 'The company.' })
  id!: string;

  @Field(() => Int, optional(texts.expectedVersion))
  expectedVersion?: number | null;

  @Field(() => String, optional('The name, 1 to 200 characters.'))
  name?: string | null;

  @Field(() => ID, optional('Who looks after it.'))
  ownerId?: string | null;

  @Field(() => String, optional(texts.idempotencyKey))
  idempotencyKey?: string | null;
}

@InputType({ description: 'The company to delete.' })
export class DeleteCompanyInput extends UpdateInput {}

@InputType({ description: 'Companies to create.' })
export class BulkCreateCompaniesInput extends MutationInput {
  @Field(() => [CompanyItemInput], {
    description: `${texts.items} A parent may be another item, by the id of your making.`,
  })
  items!: CompanyItemInput[];
}

@ObjectType({ description: 'What became of creating or updating a company.' })
export class CompanyPayload extends MutationPayload {
  @Field(() => Company, optional('The company as it is now; null on errors.'))
  company?: Company | null;
}

@ObjectType({ description: 'What became of deleting a company.' })
export class DeleteCompanyPayload extends MutationPayload {
  @Field(() => ID, optional('The company deleted; null on errors.'))
  deletedId?: string | null;
}

@ObjectType({ description: 'What became of one item.' })
export class BulkCompanyResult {
  @Field(() => Int, { description: texts.index })
  index!: number;

  @Field(() => Company, optional('The company created; null on errors.'))
  company?: Company | null;

  @ListSize({ assumedSize: maxUserErrors })
  @Field(() => [UserError], { description: texts.itemErrors })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of the items: those without errors were all created.' })
export class BulkCompaniesPayload extends MutationPayload {
  @ListSize(bulkSize)
  @Field(() => [BulkCompanyResult], { description: 'One for each item, in order.' })
  results!: BulkCompanyResult[];
}

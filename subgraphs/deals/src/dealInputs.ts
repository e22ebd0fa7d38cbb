// The inputs and payloads of deal mutations.
import { bulkSize, ListSize } from '@crm-graph/shared/graphql/cost';
import { MoneyInput } from '@crm-graph/shared/graphql/Money';
import { DateScalar, DecimalScalar } from '@crm-graph/shared/graphql/scalars';
import {
  MutationInput,
  MutationPayload,
  UpdateInput,
} from '@crm-graph/shared/mutation/MutationInput';
import { maxUserErrors, UserError } from '@crm-graph/shared/mutation/UserError';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Deal } from './Deal.ts';

@InputType({ description: 'A product within a deal.' })
export class DealProductInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'How many; 1 when absent.' })
  quantity?: string | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'The price of one; else the list price.',
  })
  unitPrice?: MoneyInput | null;
}

@InputType()
abstract class DealFields {
  @Field(() => ID, { nullable: true, description: 'The company that may buy.' })
  companyId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The person to talk to.' })
  contactId?: string | null;

  @Field(() => [DealProductInput], {
    nullable: true,
    description: 'At most 100; replaces them all.',
  })
  products?: DealProductInput[] | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day work on it began.' })
  openedOn?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it is expected to close.' })
  expectedCloseDate?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The day it was won or lost; only in a WON or LOST stage, today when absent.',
  })
  actualCloseDate?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was lost; only in a LOST stage.' })
  lostReason?: string | null;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  externalId?: string | null;
}

@InputType({ description: 'A deal to create, one of many.' })
export class DealItemInput extends DealFields {
  @Field(() => ID, { nullable: true, description: 'A UUIDv7 of your making; made when absent.' })
  id?: string | null;

  @Field(() => String, { description: 'What it is called, 1 to 300 characters.' })
  title!: string;

  @Field(() => MoneyInput, { description: 'What it is worth, at least 0.' })
  amount!: MoneyInput;

  @Field(() => ID, { description: 'The stage it is in; names its pipeline too.' })
  stageId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Who works on it; you when absent, nobody when null.',
  })
  ownerId?: string | null;
}

@InputType({ description: 'A deal to create.' })
export class CreateDealInput extends DealItemInput {
  @Field(() => String, {
    nullable: true,
    description: 'Up to 200 characters. A retry with the same key and input is carried out once.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What to change in a deal. Absent: stays. Null: becomes empty.' })
export class UpdateDealInput extends DealFields {
  @Field(() => ID, { description: 'The deal.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version last seen; CONFLICT if it has changed since.',
  })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: 'What it is called, 1 to 300 characters.' })
  title?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What it is worth, at least 0.' })
  amount?: MoneyInput | null;

  @Field(() => ID, { nullable: true, description: 'Who works on it.' })
  ownerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Up to 200 characters. A retry with the same key and input is carried out once.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'A deal and the stage to move it to.' })
export class MoveDealInput extends UpdateInput {
  @Field(() => ID, { description: 'The stage to move to, also of another pipeline.' })
  stageId!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Into a WON or LOST stage: the day; today when absent.',
  })
  actualCloseDate?: string | null;

  @Field(() => String, { nullable: true, description: 'Into a LOST stage: why.' })
  lostReason?: string | null;
}

@InputType({ description: 'The deal to delete.' })
export class DeleteDealInput extends UpdateInput {}

@InputType({ description: 'Deals to create.' })
export class BulkCreateDealsInput extends MutationInput {
  @Field(() => [DealItemInput], {
    description: '1 to 1,000; each stands alone.',
  })
  items!: DealItemInput[];
}

@ObjectType({ description: 'What became of creating, updating or moving a deal.' })
export class DealPayload extends MutationPayload {
  @Field(() => Deal, { nullable: true, description: 'The deal as it is now; null on errors.' })
  deal?: Deal | null;
}

@ObjectType({ description: 'What became of deleting a deal.' })
export class DeleteDealPayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: 'The deal deleted; null on errors.' })
  deletedId?: string | null;
}

@ObjectType({ description: 'What became of one item.' })
export class BulkDealResult {
  @Field(() => Int, { description: 'Place of the item in the input, from 0.' })
  index!: number;

  @Field(() => Deal, { nullable: true, description: 'The deal created; null on errors.' })
  deal?: Deal | null;

  @ListSize({ assumedSize: maxUserErrors })
  @Field(() => [UserError], { description: 'What was wrong with this item.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of the items: those without errors were all created.' })
export class BulkDealsPayload extends MutationPayload {
  @ListSize(bulkSize)
  @Field(() => [BulkDealResult], { description: 'One for each item, in order.' })
  results!: BulkDealResult[];
}

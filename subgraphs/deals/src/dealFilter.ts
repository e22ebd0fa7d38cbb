// How lists of deals can be narrowed and ordered.
import type { FilterFields } from '@crm-graph/shared/graphql/filter';
import {
  DateFilter,
  DateTimeFilter,
  DecimalFilter,
  enumFilter,
  IDFilter,
  IntFilter,
  StringFilter,
} from '@crm-graph/shared/graphql/filterInputs';
import { type OrderFields, orderInput } from '@crm-graph/shared/graphql/order';
import { Field, InputType, registerEnumType } from 'type-graphql';
import { DealProduct } from './DealProduct.ts';
import { Stage, StageKind } from './Stage.ts';

const StageKindFilter = enumFilter(StageKind, 'StageKind');

const all = { description: 'All of these.' };
const any = { description: 'At least one of these.' };
const none = { description: 'Not this.' };

@InputType({ description: 'Which stages.' })
export class StageFilter {
  @Field(() => [StageFilter], { nullable: true, ...all })
  and?: StageFilter[] | null;

  @Field(() => [StageFilter], { nullable: true, ...any })
  or?: StageFilter[] | null;

  @Field(() => StageFilter, { nullable: true, ...none })
  not?: StageFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By id.' })
  id?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By name.' })
  name?: StringFilter | null;

  @Field(() => StageKindFilter, { nullable: true, description: 'By kind.' })
  kind?: object | null;

  @Field(() => IntFilter, { nullable: true, description: 'By probability, in percent.' })
  probability?: IntFilter | null;
}

@InputType({ description: 'Which products within a deal.' })
export class DealProductFilter {
  @Field(() => IDFilter, { nullable: true, description: 'By product.' })
  productId?: IDFilter | null;

  @Field(() => DecimalFilter, { nullable: true, description: 'By quantity.' })
  quantity?: DecimalFilter | null;

  @Field(() => DecimalFilter, { nullable: true, description: 'By price of one.' })
  unitPrice?: DecimalFilter | null;
}

@InputType({ description: 'By the products of a deal.' })
export class DealProductsFilter {
  @Field(() => DealProductFilter, { nullable: true, description: 'At least one is so.' })
  some?: DealProductFilter | null;

  @Field(() => DealProductFilter, { nullable: true, description: 'All are so, or there are none.' })
  every?: DealProductFilter | null;

  @Field(() => DealProductFilter, { nullable: true, description: 'None is so.' })
  none?: DealProductFilter | null;
}

@InputType({ description: 'Which deals.' })
export class DealFilter {
  @Field(() => [DealFilter], { nullable: true, ...all })
  and?: DealFilter[] | null;

  @Field(() => [DealFilter], { nullable: true, ...any })
  or?: DealFilter[] | null;

  @Field(() => DealFilter, { nullable: true, ...none })
  not?: DealFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By id.' })
  id?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By title.' })
  title?: StringFilter | null;

  @Field(() => DecimalFilter, { nullable: true, description: 'By amount, in any currency.' })
  amount?: DecimalFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By currency of the amount.' })
  currency?: StringFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By pipeline.' })
  pipelineId?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By stage.' })
  stageId?: IDFilter | null;

  @Field(() => StageFilter, { nullable: true, description: 'By what the stage is like.' })
  stage?: StageFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By company.' })
  companyId?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By contact.' })
  contactId?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By owner.' })
  ownerId?: IDFilter | null;

  @Field(() => DealProductsFilter, { nullable: true, description: 'By products.' })
  products?: DealProductsFilter | null;

  @Field(() => DateFilter, { nullable: true, description: 'By the day work began.' })
  openedOn?: DateFilter | null;

  @Field(() => DateFilter, { nullable: true, description: 'By the expected day of closing.' })
  expectedCloseDate?: DateFilter | null;

  @Field(() => DateFilter, { nullable: true, description: 'By the day it was won or lost.' })
  actualCloseDate?: DateFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of creation.' })
  createdAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of the last change.' })
  updatedAt?: DateTimeFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By id in another system.' })
  externalId?: StringFilter | null;
}

const stageFilterFields: FilterFields = {
  id: 'id',
  name: 'name',
  kind: 'kind',
  probability: 'probability',
};

const dealProductFilterFields: FilterFields = {
  productId: 'productId',
  quantity: 'quantity',
  unitPrice: 'unitPriceAmount',
};

export const dealFilterFields: FilterFields = {
  id: 'id',
  title: 'title',
  amount: 'amountValue',
  currency: 'currency',
  pipelineId: 'pipelineId',
  stageId: 'stageId',
  stage: { one: () => Stage, key: 'stageId', fields: () => stageFilterFields },
  companyId: 'companyId',
  contactId: 'contactId',
  ownerId: 'ownerId',
  products: { many: () => DealProduct, key: 'dealId', fields: () => dealProductFilterFields },
  openedOn: 'openedOn',
  expectedCloseDate: 'expectedCloseDate',
  actualCloseDate: 'actualCloseDate',
  createdAt: 'createdAt',
  updatedAt: 'updatedAt',
  externalId: 'externalId',
};

export enum DealOrderField {
  TITLE = 'TITLE',
  AMOUNT = 'AMOUNT',
  OPENED_ON = 'OPENED_ON',
  EXPECTED_CLOSE_DATE = 'EXPECTED_CLOSE_DATE',
  ACTUAL_CLOSE_DATE = 'ACTUAL_CLOSE_DATE',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}

registerEnumType(DealOrderField, {
  name: 'DealOrderField',
  description: 'What deals can be ordered by.',
  valuesConfig: {
    TITLE: { description: 'The title, by alphabet.' },
    AMOUNT: { description: 'The amount, whatever its currency.' },
    OPENED_ON: { description: 'The day work began.' },
    EXPECTED_CLOSE_DATE: { description: 'The expected day of closing.' },
    ACTUAL_CLOSE_DATE: { description: 'The day it was won or lost.' },
    CREATED_AT: { description: 'The time of creation.' },
    UPDATED_AT: { description: 'The time of the last change.' },
  },
});

export const DealOrder = orderInput(DealOrderField, 'Deal');

export const dealOrderFields: OrderFields = {
  TITLE: 'title',
  AMOUNT: 'amountValue',
  OPENED_ON: 'openedOn',
  EXPECTED_CLOSE_DATE: 'expectedCloseDate',
  ACTUAL_CLOSE_DATE: 'actualCloseDate',
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
};

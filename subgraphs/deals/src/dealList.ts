// What all lists of deals have in common: the arguments that say which, and how these become SQL.
import type { OrderBy } from '@crm-graph/shared/graphql/order';
import { ArgsType, Field } from 'type-graphql';
import { Deal } from './Deal.ts';
import { DealFilter, DealOrder, dealFilterFields, dealOrderFields } from './dealFilter.ts';

export const dealList = {
  entity: Deal,
  filterFields: dealFilterFields,
  orderFields: dealOrderFields,
};

@ArgsType()
export class DealListArgs {
  @Field(() => DealFilter, { nullable: true, description: 'Which deals; all when absent.' })
  filter?: DealFilter | null;

  @Field(() => [DealOrder], {
    nullable: true,
    description: 'Up to 4 fields, the first counting most; by creation when absent.',
  })
  orderBy?: OrderBy;
}

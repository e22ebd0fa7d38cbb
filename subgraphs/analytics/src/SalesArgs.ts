// What sales figures can be asked for.
import { DateScalar } from '@crm-graph/shared/graphql/scalars';
import { ArgsType, Field, ID, Int } from 'type-graphql';

@ArgsType()
export class SalesArgs {
  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day of closing that counts; from the beginning without it.',
  })
  from?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description:
      'The last day of closing that counts; no end without it. Open deals count if opened by then.',
  })
  to?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only deals of this pipeline.' })
  pipelineId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only deals of this owner.' })
  ownerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only deals in this currency (ISO 4217) and deals without an amount. Without it: the currency that most deals of the organization are in.',
  })
  currency?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A cursor of the deals log, as a mutation returns it: waits, up to 10 seconds, until the figures include that change.',
  })
  atLeast?: string | null;
}

@ArgsType()
export class RankedSalesArgs extends SalesArgs {
  @Field(() => Int, {
    defaultValue: 100,
    description: 'How many at most, 1 to 1000; those with the highest value won come first.',
  })
  first!: number;
}

// The figures of a set of deals, and the sets they are given for.
import { Money } from '@crm-graph/shared/graphql/Money';
import { DecimalScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Product } from './Product.ts';
import { User } from './User.ts';

@ObjectType()
export abstract class ClosedFigures {
  @Field(() => Int, { description: 'Deals won in the period.' })
  wonCount!: number;

  @Field(() => Money, { description: 'The value of the deals won in the period.' })
  wonValue!: Money;

  @Field(() => Int, { description: 'Deals lost in the period.' })
  lostCount!: number;

  @Field(() => Money, { description: 'The value of the deals lost in the period.' })
  lostValue!: Money;

  @Field(() => Float, {
    nullable: true,
    description:
      'Won deals as a fraction of those won or lost, 0 to 1 with 4 decimals; null when none was closed.',
  })
  winRate!: number | null;

  @Field(() => Money, {
    nullable: true,
    description:
      'The average value of the deals won, to 2 decimals; deals without an amount are left out. Null when there is none.',
  })
  averageDealSize!: Money | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Days from opening to closing, on average over the deals won, with 2 decimals; null when there is none.',
  })
  averageDaysToClose!: number | null;
}

@ObjectType()
export abstract class AllFigures extends ClosedFigures {
  @Field(() => Int, { description: 'Deals open now that were opened within or before the period.' })
  openCount!: number;

  @Field(() => Money, { description: 'The value of these open deals.' })
  openValue!: Money;
}

@ObjectType({ description: 'Sales figures of a period, in one currency.' })
export class SalesSummary extends AllFigures {
  @Field(() => String, { description: 'The currency that the figures are given for (ISO 4217).' })
  currency!: string;

  @Field(() => [String], {
    description:
      'Further currencies that deals of the organization use; ask for each of them by the argument `currency`.',
  })
  otherCurrencies!: string[];

  @Field(() => String, {
    description:
      'The cursor of the deals log that the figures include; `dealEvents(after:)` continues from here.',
  })
  cursor!: string;
}

@ObjectType({ description: 'Sales figures of one owner.' })
export class OwnerSales extends AllFigures {
  @Field(() => User, {
    nullable: true,
    description: 'Who owns the deals; null for the deals that nobody owns.',
  })
  owner!: User | null;
}

@ObjectType({ description: 'Sales figures of one month, by the day of closing.' })
export class MonthSales extends ClosedFigures {
  @Field(() => String, { description: 'The month as `YYYY-MM`.' })
  month!: string;
}

@ObjectType({ description: 'Sales figures of one product, over the lines of the deals it is in.' })
export class ProductSales {
  @Field(() => Product, { description: 'The product.' })
  product!: Product;

  @Field(() => Int, { description: 'Open deals with the product.' })
  openCount!: number;

  @Field(() => Int, { description: 'Deals with the product that were won in the period.' })
  wonCount!: number;

  @Field(() => Int, { description: 'Deals with the product that were lost in the period.' })
  lostCount!: number;

  @Field(() => DecimalScalar, { description: 'The quantity sold with the deals won.' })
  wonQuantity!: string;

  @Field(() => Money, {
    description:
      'Quantity times unit price over the lines of the deals won, in the currency asked for.',
  })
  wonValue!: Money;

  @Field(() => Float, {
    nullable: true,
    description:
      'Won deals as a fraction of those won or lost, 0 to 1 with 4 decimals; null when none was closed.',
  })
  winRate!: number | null;
}

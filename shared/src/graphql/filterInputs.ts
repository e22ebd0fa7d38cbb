// The operators of each kind of field. Names are the same everywhere; filter.ts turns them into SQL.
// @InputType() class DealFilter { @Field(() => StringFilter, { nullable: true, description: '…' }) title?: StringFilter; }

import { GraphQLInt, type GraphQLScalarType } from 'graphql';
import { type ClassType, Field, ID, InputType } from 'type-graphql';
import { Cost, weights } from './cost.ts';
import { DateScalar, DateTimeScalar, DecimalScalar } from './scalars.ts';

const text = {
  eq: 'Equals; null: has no value.',
  ne: 'Differs, also by having no value; null: has a value.',
  in: 'Is one of these; at most 500.',
  gt: 'Is greater or later.',
  gte: 'Is greater, later or equal.',
  lt: 'Is less or earlier.',
  lte: 'Is less, earlier or equal.',
  isNull: 'Whether it has no value.',
};

const optional = (description: string) => ({ nullable: true, description });

@InputType({ description: 'Conditions on a text; all given ones must hold.' })
export class StringFilter {
  @Field(() => String, optional(text.eq))
  eq?: string | null;

  @Field(() => String, optional(text.ne))
  ne?: string | null;

  @Field(() => [String], optional(text.in))
  in?: string[] | null;

  @Cost(weights.textCondition)
  @Field(() => String, optional('Contains this, in any case; at most 200 characters.'))
  contains?: string | null;

  @Cost(weights.textCondition)
  @Field(() => String, optional('Starts with this, in any case; at most 200 characters.'))
  startsWith?: string | null;

  @Field(() => String, optional('Comes after this in the alphabet.'))
  gt?: string | null;

  @Field(() => String, optional('Comes after this in the alphabet, or equals it.'))
  gte?: string | null;

  @Field(() => String, optional('Comes before this in the alphabet.'))
  lt?: string | null;

  @Field(() => String, optional('Comes before this in the alphabet, or equals it.'))
  lte?: string | null;

  @Field(() => Boolean, optional(text.isNull))
  isNull?: boolean | null;
}

@InputType({ description: 'Conditions on a list of texts; all given ones must hold.' })
export class StringListFilter {
  @Field(() => String, optional('Has this element.'))
  has?: string | null;

  @Field(() => [String], optional('Has at least one of these elements.'))
  hasAny?: string[] | null;

  @Field(() => [String], optional('Has all of these elements.'))
  hasEvery?: string[] | null;
}

@InputType({ description: 'Conditions on an id; all given ones must hold.' })
export class IDFilter {
  @Field(() => ID, optional(text.eq))
  eq?: string | null;

  @Field(() => ID, optional(text.ne))
  ne?: string | null;

  @Field(() => [ID], optional(text.in))
  in?: string[] | null;

  @Field(() => Boolean, optional(text.isNull))
  isNull?: boolean | null;
}

@InputType({ description: 'Conditions on yes or no; all given ones must hold.' })
export class BooleanFilter {
  @Field(() => Boolean, optional(text.eq))
  eq?: boolean | null;

  @Field(() => Boolean, optional(text.ne))
  ne?: boolean | null;

  @Field(() => Boolean, optional(text.isNull))
  isNull?: boolean | null;
}

/** The comparisons of an ordered kind of value. */
export interface OrderedFilter<Value> {
  eq?: Value | null;
  ne?: Value | null;
  in?: Value[] | null;
  gt?: Value | null;
  gte?: Value | null;
  lt?: Value | null;
  lte?: Value | null;
  isNull?: boolean | null;
}

function orderedFilter<Value>(
  type: GraphQLScalarType,
  name: string,
  what: string,
): ClassType<OrderedFilter<Value>> {
  @InputType(name, { description: `Conditions on ${what}; all given ones must hold.` })
  class Filter implements OrderedFilter<Value> {
    @Field(() => type, optional(text.eq))
    eq?: Value | null;

    @Field(() => type, optional(text.ne))
    ne?: Value | null;

    @Field(() => [type], optional(text.in))
    in?: Value[] | null;

    @Field(() => type, optional(text.gt))
    gt?: Value | null;

    @Field(() => type, optional(text.gte))
    gte?: Value | null;

    @Field(() => type, optional(text.lt))
    lt?: Value | null;

    @Field(() => type, optional(text.lte))
    lte?: Value | null;

    @Field(() => Boolean, optional(text.isNull))
    isNull?: boolean | null;
  }
  return Filter;
}

export const IntFilter = orderedFilter<number>(GraphQLInt, 'IntFilter', 'a whole number');
export type IntFilter = OrderedFilter<number>;
export const DecimalFilter = orderedFilter<string>(DecimalScalar, 'DecimalFilter', 'a number');
export type DecimalFilter = OrderedFilter<string>;
export const DateFilter = orderedFilter<string>(DateScalar, 'DateFilter', 'a day');
export type DateFilter = OrderedFilter<string>;
export const DateTimeFilter = orderedFilter<Date>(DateTimeScalar, 'DateTimeFilter', 'a time');
export type DateTimeFilter = OrderedFilter<Date>;

export interface EnumFilter<Value> {
  eq?: Value | null;
  ne?: Value | null;
  in?: Value[] | null;
  isNull?: boolean | null;
}

/** The input type `<name>Filter` over a registered enum called `name`. */
export function enumFilter<Value extends string>(
  values: Record<string, Value>,
  name: string,
): ClassType<EnumFilter<Value>> {
  @InputType(`${name}Filter`, { description: `Conditions on a ${name}; all given ones must hold.` })
  class Filter implements EnumFilter<Value> {
    @Field(() => values, optional(text.eq))
    eq?: Value | null;

    @Field(() => values, optional(text.ne))
    ne?: Value | null;

    @Field(() => [values], optional(text.in))
    in?: Value[] | null;

    @Field(() => Boolean, optional(text.isNull))
    isNull?: boolean | null;
  }
  return Filter;
}

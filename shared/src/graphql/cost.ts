// What a field costs, said where it is declared, in the directives of https://specs.apollo.dev/cost/v0.1:
// the gateway adds them up before it does anything.
// @ListSize({ assumedSize: 20 }) @Field(() => [ContactEmail]) emails!: ContactEmail[];
import { Directive } from 'type-graphql';

/** An object costs 1, a scalar nothing; these cost more. */
export const weights = {
  /** Rows that match are visited, not just those of a page. */
  count: 10,
  /** A condition that no index serves: it reads the texts of all rows. */
  textCondition: 20,
  /** Sums over all records of an organization. */
  figures: 50,
  /** A log of another subgraph is read. */
  log: 20,
  /** Takes a core for a good part of a tenth of a second, on purpose. */
  passwordHash: 200,
  /** Up to 1,000 records are checked and written, before their results. */
  bulk: 1_000,
} as const;

export interface ListSizeOptions {
  /** The most there can be; with slicing arguments: what there is when none is given. */
  assumedSize?: number;
  /** Arguments of the field that bound the list. */
  slicingArguments?: readonly string[];
  /** The lists below this field that have the size, where the field is not a list itself. */
  sizedFields?: readonly string[];
}

/** `@listSize`: at most how many items a list has. */
export function ListSize(size: ListSizeOptions): PropertyDecorator & MethodDecorator {
  const args = Object.entries(listSizeArguments(size));
  return Directive(
    `@listSize(${args.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')})`,
  );
}

/** As the directive takes them: without slicing arguments none is required, with them neither. */
export function listSizeArguments(size: ListSizeOptions): Record<string, unknown> {
  return { ...size, requireOneSlicingArgument: false };
}

/** `@cost`: what the field costs by itself, in objects. */
export function Cost(weight: number): PropertyDecorator & MethodDecorator {
  return Directive(`@cost(weight: ${weight})`);
}

/** Of the results of a bulk: composition takes no path such as `input.items` for a slicing argument. */
export const bulkSize = { assumedSize: 1_000 } as const satisfies ListSizeOptions;

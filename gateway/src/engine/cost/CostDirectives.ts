// What a supergraph says its fields cost: @cost and @listSize of Federation 2.9 (specs.apollo.dev/cost/v0.1, after IBM's
// GraphQL Cost Directives specification).

export interface CostDirectives {
  /** @cost's weight, by coordinate: `Type`, `Type.field`, `Type.field(argument:)`. */
  weights: Readonly<Record<string, number>>;
  /** @listSize, by the field's coordinate. */
  lists: Readonly<Record<string, ListSize>>;
}

export interface ListSize {
  /** Where no slicing argument says how many. */
  assumedSize: number | undefined;
  /** Arguments that say how many; the largest counts. */
  slicingArguments: readonly string[];
  /** The fields of the object below that are the list; none: the field itself is. */
  sizedFields: readonly string[];
}

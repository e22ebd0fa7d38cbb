// What a supergraph says of the cost of its fields: @cost and @listSize (IBM's cost specification, as
// Federation 2.9 has it), by schema coordinate. Plain data: it comes from the planner's thread.
export interface CostDirectives {
  /** @cost: by `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
  weights: ReadonlyMap<string, number>;
  /** @listSize: by `Type.field`. */
  listSizes: ReadonlyMap<string, ListSize>;
}

export interface ListSize {
  /** Items where no slicing argument says how many. */
  assumedSize: number | undefined;
  /** Arguments that say how many, as `first`; the largest given counts. */
  slicingArguments: readonly string[];
  /** The lists of this size are not the field's own but these below it: `edges`, `nodes`. */
  sizedFields: readonly string[];
}

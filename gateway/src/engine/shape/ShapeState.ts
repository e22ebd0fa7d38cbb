// What the functions that shape one response hand on to each other.
import type { FieldNode, GraphQLError } from 'graphql';
import type { Path } from './Path.ts';
import type { UnexpectedValue } from './UnexpectedValue.ts';

/** Completes a value at a place: null when it is null, or has become so with an error in the state. */
export type Complete = (value: unknown, path: Path | undefined, state: ShapeState) => unknown;

export interface ShapeState {
  /** Nulls and values that the schema does not allow, at their paths. */
  invalid: UnexpectedValue[];
  /** Fields the caller may not see. */
  denied: GraphQLError[];
  /** Why, for this caller, by node. */
  denials: ReadonlyMap<FieldNode, GraphQLError> | undefined;
}

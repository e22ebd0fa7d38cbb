// Which of an execution's errors a client is told, each place once.
import type { GraphQLError } from 'graphql';
import type { ResponsePath } from '../shape/Path.ts';
import type { ShapeState } from '../shape/ShapeState.ts';

/** The subgraphs' errors, then what shaping found, unless a subgraph's error is why it is so. */
export const reportedErrors = (
  subgraphs: readonly GraphQLError[],
  { invalid, denied }: ShapeState,
): readonly GraphQLError[] => {
  if (invalid.length === 0 && denied.length === 0) return subgraphs;
  const unexplained = invalid.filter(
    ({ path = [] }) => !subgraphs.some((error) => explains(error.path, path)),
  );
  return [...subgraphs, ...unexplained, ...denied];
};

/** An error above the place or below it; one without a path may be about anything. */
const explains = (path: ResponsePath | undefined, at: ResponsePath): boolean =>
  path?.every((key, index) => index >= at.length || key === at[index]) ?? true;

// The error in the place of a field that the caller may not see.
import { type FieldNode, GraphQLError } from 'graphql';
import type { ResponsePath } from './Path.ts';

/** `denials` say why, by node; of nodes merged into one field, the first that has a reason counts. */
export const deniedError = (
  nodes: readonly FieldNode[],
  path: ResponsePath,
  denials: ReadonlyMap<FieldNode, GraphQLError> | undefined,
): GraphQLError => {
  const reason = nodes.map((node) => denials?.get(node)).find((error) => error !== undefined);
  return new GraphQLError(reason?.message ?? 'This field is denied.', {
    nodes,
    path,
    extensions: reason?.extensions ?? { code: 'FORBIDDEN' },
  });
};

// Responses that lack a field, as those of subgraphs do that stop half way.
import type { GraphQLFormattedError } from 'graphql';

/** Takes the field away that an error marks as missing; its null stays where it has gone up. */
export const removeMissing = (data: unknown, { path, extensions }: GraphQLFormattedError): void => {
  if (extensions?.['fault'] !== 'missing') return;
  let parent = data;
  for (const key of path?.slice(0, -1) ?? []) {
    parent = (parent as Record<string | number, unknown> | null | undefined)?.[key];
  }
  const last = path?.at(-1);
  if (typeof parent === 'object' && parent !== null && last !== undefined) {
    Reflect.deleteProperty(parent, last);
  }
};

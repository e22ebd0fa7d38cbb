// Which of the two media types of a GraphQL response a client wants, by its Accept header, as Apollo
// Server decides it. Decided once per header: clients send few different ones.
import Negotiator from 'negotiator';

/** The first is what a client gets that has no preference. */
const offered = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
];

export const defaultType = 'application/json; charset=utf-8';

/** A stream of made-up headers must not fill the memory. */
const maxKnown = 100;
const known = new Map<string, string | undefined>();

/** The response's content type; undefined where none of ours is acceptable. */
export const acceptedType = (accept: string | undefined): string | undefined => {
  if (!accept) return defaultType;
  if (known.has(accept)) return known.get(accept);
  const type = new Negotiator({ headers: { accept } }).mediaType(offered);
  if (known.size >= maxKnown) known.clear();
  known.set(accept, type);
  return type;
};

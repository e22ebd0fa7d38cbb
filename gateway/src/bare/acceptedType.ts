// Which of the two media types of a GraphQL response a client wants, by its Accept header.

const json = 'application/json';
const graphqlResponse = 'application/graphql-response+json';
const charset = 'charset=utf-8';

/** The first is what a client gets that has no preference, as Apollo Server does it. */
const offered = [json, graphqlResponse];

export const defaultType = `${json}; ${charset}`;

interface Preference {
  type: string;
  quality: number;
  /** Of the range that names it: 2 the type itself, 1 any of `application`, 0 any at all. */
  exactness: number;
  position: number;
}

/** Clients send few different ones; a stream of made-up ones must not fill the memory. */
const maxKnown = 100;
const known = new Map<string, string | undefined>();

/** The response's content type; undefined where none of ours is acceptable. */
export const acceptedType = (accept: string | undefined): string | undefined => {
  if (!accept) return defaultType;
  if (known.has(accept)) return known.get(accept);
  const type = chosen(accept);
  if (known.size >= maxKnown) known.clear();
  known.set(accept, type);
  return type;
};

const chosen = (accept: string): string | undefined => {
  const ranges = accept.split(',').map(rangeOf);
  const [best] = offered
    .flatMap((type) => preferenceFor(type, ranges) ?? [])
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || b.exactness - a.exactness || a.position - b.position);
  return best && `${best.type}; ${charset}`;
};

interface Range {
  name: string;
  quality: number;
  /** Ours is utf-8 and has no other parameter. */
  isOurs: boolean;
}

const rangeOf = (text: string): Range => {
  const [name = '', ...parameters] = text
    .toLowerCase()
    .split(';')
    .map((part) => part.replaceAll(/[\s"]/g, ''))
    .filter((part) => part !== '');
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return {
    name,
    quality: quality === undefined ? 1 : Number.parseFloat(quality.slice(2)) || 0,
    isOurs: parameters.every((parameter) => parameter === quality || parameter === charset),
  };
};

/** What the most exact of the ranges that a type is in says of it. */
const preferenceFor = (type: string, ranges: readonly Range[]): Preference | undefined => {
  const names = ['*/*', 'application/*', type];
  let best: Preference | undefined;
  for (const [position, { name, quality, isOurs }] of ranges.entries()) {
    const exactness = isOurs ? names.indexOf(name) : -1;
    if (exactness > (best?.exactness ?? -1)) best = { type, quality, exactness, position };
  }
  return best;
};

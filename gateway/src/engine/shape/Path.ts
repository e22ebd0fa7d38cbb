// Where in the response a value stands, kept as a linked list so that the way down costs one small
// object per level and the array is made only when an error needs it.

export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
}

export type ResponsePath = readonly (string | number)[];

export const pathArray = (path: Path | undefined): ResponsePath => {
  const keys: (string | number)[] = [];
  for (let at = path; at; at = at.prev) keys.push(at.key);
  return keys.reverse();
};

// The rewrites of a field's answer, when the field is taken out of its fetch to be asked for in another.
import type { FetchDataRewrite } from '@apollo/query-planner';

export interface TakenRewrites {
  /** Those of the fetch that the field is no more part of. */
  rest: readonly FetchDataRewrite[];
  /** Those of what is below the field. */
  below: readonly FetchDataRewrite[];
}

/** `at` is the field's place in the answer; `start` is what the paths of its own fetch start with. */
export const takeRewrites = (
  rewrites: readonly FetchDataRewrite[],
  at: readonly string[],
  start: readonly string[],
): TakenRewrites => {
  const taken = rewrites.filter(({ path }) => startsWith(path.filter(isField), at));
  return {
    rest: rewrites.filter((one) => !taken.includes(one)),
    below: taken.flatMap((one) => {
      const below = withoutFields(one.path, at.length);
      return below.length > 0 ? [{ ...one, path: [...start, ...below] }] : [];
    }),
  };
};

const isField = (part: string): boolean => !part.startsWith('... on ');

/** What comes after the first so many fields. */
const withoutFields = (path: readonly string[], count: number): string[] => {
  let passed = 0;
  const last = path.findIndex((part) => isField(part) && ++passed === count);
  return path.slice(last + 1);
};

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((part, index) => path[index] === part);

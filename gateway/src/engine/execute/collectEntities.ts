// The objects at a path of a plan, and, where an error needs them, their paths in the response.
import { ownValue } from '../data/ownValue.ts';
import type { ResponsePath } from '../shape/Path.ts';

/** '@' in the path goes into each item of a list, however deep lists are nested. Nulls are left out. */
export const collectEntities = (data: object, path: readonly string[]): object[] => {
  const found: object[] = [];
  collect(data, path, 0, found);
  return found;
};

const collect = (value: unknown, path: readonly string[], at: number, found: object[]): void => {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    const next = path[at] === '@' ? at + 1 : at;
    for (const item of value) collect(item, path, next, found);
    return;
  }
  const key = path[at];
  if (key === undefined) found.push(value);
  else if (key === '@') collect(value, path, at + 1, found);
  else collect(ownValue(value, key), path, at + 1, found);
};

/** The paths at which the entities stand: an object may stand at more than one. */
export const entityPaths = (data: object, path: readonly string[]): Map<object, ResponsePath[]> => {
  const paths = new Map<object, ResponsePath[]>();
  const walk = (value: unknown, at: number, here: ResponsePath): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      const next = path[at] === '@' ? at + 1 : at;
      for (const [index, item] of value.entries()) walk(item, next, [...here, index]);
      return;
    }
    const key = path[at];
    if (key === undefined) paths.set(value, [...(paths.get(value) ?? []), here]);
    else if (key === '@') walk(value, at + 1, here);
    else walk(ownValue(value, key), at + 1, [...here, key]);
  };
  walk(data, 0, []);
  return paths;
};

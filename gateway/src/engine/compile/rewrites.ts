// What a plan says about data on its way: a type's name set before a representation is sent (an
// interface object is asked for by the interface's name), a field renamed after an alias kept two apart.
import type { FetchDataRewrite } from '@apollo/query-planner';
import { ownValue, setOwnValue } from '../data/ownValue.ts';
import type { IsOfType } from './isOfType.ts';

/** Changes a value, an object or anything else, in place. */
export type Rewrite = (value: unknown) => void;

const typePrefix = '... on ';

export const compileRewrites = (
  rewrites: readonly FetchDataRewrite[] | undefined,
  isOfType: IsOfType,
): Rewrite | undefined => {
  if (!rewrites || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, isOfType));
  return (value) => {
    for (const rewrite of compiled) rewrite(value);
  };
};

/** New keys by old ones; the planner's aliases occur once in an operation. */
export const renamedKeys = (
  rewrites: readonly FetchDataRewrite[] = [],
): ReadonlyMap<string, string> =>
  new Map(
    rewrites.flatMap((rewrite): [string, string][] => {
      const key = rewrite.path.at(-1);
      return rewrite.kind === 'KeyRenamer' && key !== undefined ? [[key, rewrite.renameKeyTo]] : [];
    }),
  );

const compileRewrite = (rewrite: FetchDataRewrite, isOfType: IsOfType): Rewrite => {
  const path = rewrite.path.slice(0, -1);
  const key = rewrite.path.at(-1);
  if (key === undefined) return () => undefined;
  const change = (object: object): void => {
    if (rewrite.kind === 'ValueSetter') setOwnValue(object, key, rewrite.setValueTo);
    else {
      const value = ownValue(object, key);
      if (value === undefined) return;
      setOwnValue(object, rewrite.renameKeyTo, value);
      Reflect.deleteProperty(object, key);
    }
  };
  /* Without a type's name the fetch asked for one type only: the condition holds. */
  const satisfies = (value: object, condition: string): boolean => {
    const typename = ownValue(value, '__typename');
    return typename === undefined || isOfType(typename, condition);
  };
  const walk = (value: unknown, at: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, at);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const part = path[at];
    if (part === undefined) change(value);
    else if (!part.startsWith(typePrefix)) walk(ownValue(value, part), at + 1);
    else if (satisfies(value, part.slice(typePrefix.length))) walk(value, at + 1);
  };
  return (value) => walk(value, 0);
};

// Puts fetched data into what is there, in place. Lists of one length are the same list, seen by two
// subgraphs.
import { ownValue, setOwnValue } from './ownValue.ts';

/** Whether a type's name is that of an interface: what an @interfaceObject calls its objects. */
export type IsAbstract = (typename: string) => boolean;

export const merge = (target: object, source: object, isAbstract: IsAbstract): void => {
  for (const key of Object.keys(source)) {
    const value = (source as Record<string, unknown>)[key];
    const there = ownValue(target, key);
    /* Which type an object is of is known better by who does not call it by an interface. */
    if (key === '__typename' && typeof there === 'string' && !isAbstract(there)) continue;
    if (!mergeValue(there, value, isAbstract)) setOwnValue(target, key, value);
  }
};

/** False when the new value takes the place of the old one. */
const mergeValue = (there: unknown, value: unknown, isAbstract: IsAbstract): boolean => {
  if (typeof there !== 'object' || there === null) return false;
  if (typeof value !== 'object' || value === null) return false;
  if (there === value) return true;
  if (Array.isArray(there) !== Array.isArray(value)) return false;
  if (!Array.isArray(there) || !Array.isArray(value)) {
    merge(there, value, isAbstract);
    return true;
  }
  if (there.length !== value.length) return false;
  for (const [index, item] of value.entries()) {
    if (!mergeValue(there[index], item, isAbstract)) there[index] = item;
  }
  return true;
};

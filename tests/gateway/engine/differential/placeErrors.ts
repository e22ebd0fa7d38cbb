// Where a subgraph's errors about entities belong: at each place of an entity with the representation
// that the error is about. The stock executor counts all entities of the path, also those that got no
// representation, so its errors after such a one are at another entity's place.
import { canonicalJson } from './canonicalJson.ts';
import type { ErrorOrigin, StockError } from './oracle.ts';

type ResponsePath = readonly (string | number)[];

/** The errors at their places: one per place, however often the same representation was sent. */
export const placeErrors = (errors: readonly StockError[], fetched: object): StockError[] => {
  const seen = new Set<string>();
  return errors.flatMap((error) => {
    const { origin } = error;
    const [root, index, ...within] = origin?.path ?? [];
    if (!origin || root !== '_entities') return [{ ...error, ...clientPath(error.path) }];
    /* About all entities: a path with '_entities', or '@', leads nowhere in the client's response. */
    if (typeof index !== 'number') return [withoutPath(error)];
    const representation = origin.representations?.[index];
    if (!representation) return [error];
    const text = canonicalJson([origin.fetch, representation, within, error.message]);
    if (seen.has(text)) return [];
    seen.add(text);
    return placesOf(fetched, origin, representation).map((place) => ({
      ...error,
      ...clientPath([...place, ...within]),
    }));
  });
};

/** The planner's own keys, where two types differ in a field's type, are none that a client knows. */
const clientPath = (path: ResponsePath | undefined): { path?: ResponsePath } =>
  path
    ? { path: path.map((key) => (typeof key === 'string' ? key.replace(/__alias_\d+$/, '') : key)) }
    : {};

const withoutPath = ({ path: _, ...error }: StockError): StockError => error;

const placesOf = (
  fetched: object,
  { fetchPath }: ErrorOrigin,
  representation: object,
): ResponsePath[] => {
  const places: ResponsePath[] = [];
  const walk = (value: unknown, at: number, here: ResponsePath): void => {
    if (typeof value !== 'object' || value === null) return;
    const key = fetchPath[at];
    if (Array.isArray(value)) {
      const next = key === '@' ? at + 1 : at;
      for (const [index, item] of value.entries()) walk(item, next, [...here, index]);
    } else if (key !== undefined) {
      if (Object.hasOwn(value, key)) {
        walk((value as Record<string, unknown>)[key], at + 1, [...here, key]);
      }
    } else if (isRepresentedBy(value, representation)) places.push(here);
  };
  walk(fetched, 0, []);
  return places;
};

/**
 * Whether the value has all that the representation has; types may be named by an interface. A null
 * also stands for an object that lacks something which is required.
 */
const isRepresentedBy = (value: unknown, representation: unknown): boolean => {
  if (representation === null) return value === null || typeof value === 'object';
  if (Array.isArray(representation)) {
    return (
      Array.isArray(value) &&
      value.length === representation.length &&
      representation.every((item, index) => isRepresentedBy(value[index], item))
    );
  }
  if (typeof representation !== 'object') return value === representation;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(representation).every(
    ([key, part]) =>
      key === '__typename' ||
      isRepresentedBy((value as Record<string, unknown>)[key] ?? null, part),
  );
};

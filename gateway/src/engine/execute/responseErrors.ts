// A subgraph's errors at the places of the fetched data. Its paths start at its own root, and
// those of entities at an index of `_entities`.
import type { ResponsePath } from '../shape/Path.ts';
import { isObject, type SubgraphResponseError } from './SubgraphResponse.ts';

/** Where the answer of a fetch goes. */
export interface Places {
  /** Of the entities that one representation stands for. */
  pathsOf?: (index: number) => readonly ResponsePath[];
  /** Of the objects that root fields are put into; absent for the root itself. */
  under?: (() => readonly ResponsePath[]) | undefined;
}

/** A subgraph's error at a place of the fetched data; without a path it is about anything. */
export interface PlacedError {
  message: string;
  path: ResponsePath | undefined;
  extensions: Record<string, unknown>;
}

/** An error of an entity is one at each place where the entity stands. */
export const responseErrors = (
  errors: readonly SubgraphResponseError[],
  subgraph: string,
  places: Places,
): PlacedError[] =>
  errors.flatMap((error) =>
    placesOf(error?.path, places).map((path) => ({ ...readable(error, subgraph), path })),
  );

const readable = (error: SubgraphResponseError, subgraph: string) => {
  const message = typeof error?.message === 'string' && error.message;
  const extensions = isObject(error?.extensions)
    ? (error.extensions as Record<string, unknown>)
    : {};
  return {
    message: message || `The subgraph "${subgraph}" reported an error without a message.`,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...extensions },
  };
};

/** Undefined: somewhere. */
const placesOf = (
  given: unknown,
  { pathsOf, under }: Places,
): readonly (ResponsePath | undefined)[] => {
  if (!isPath(given)) return [undefined];
  if (!pathsOf) return under ? under().map((path) => [...path, ...given]) : [given];
  const [root, index, ...rest] = given;
  if (root !== '_entities' || typeof index !== 'number') return [undefined];
  return pathsOf(index).map((path) => [...path, ...rest]);
};

const isPath = (path: unknown): path is ResponsePath =>
  Array.isArray(path) &&
  path.length > 0 &&
  path.every((key) => typeof key === 'string' || typeof key === 'number');

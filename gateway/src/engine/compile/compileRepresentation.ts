// Compiles what a fetch requires of an entity into a function that writes the entity's representation
// (Federation subgraph specification, `_Any`) as JSON text, and tells which entities are one and the
// same, so that a request asks for each once.
import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { merge } from '../data/merge.ts';
import { isInheritedKey, ownValue, setOwnValue } from '../data/ownValue.ts';
import type { IsOfType } from './isOfType.ts';
import { compileRewrites } from './rewrites.ts';

export interface Representation {
  /**
   * What tells entities apart, as a key of a Map: entities of one identity have one representation.
   * Undefined when the entity lacks something that is required: nothing is asked for it.
   */
  identify: (entity: object) => unknown;
  /** The JSON of the representation of an entity that has an identity. */
  write: (entity: object, identity: unknown) => string;
}

export const compileRepresentation = (
  requires: readonly QueryPlanSelectionNode[],
  inputRewrites: readonly FetchDataRewrite[] | undefined,
  isOfType: IsOfType,
): Representation => {
  const rewrite = compileRewrites(inputRewrites, isOfType);
  const key = rewrite ? undefined : singleKey(requires, isOfType);
  if (key) return representByKey(key);
  return {
    identify: (entity) => {
      const representation = select(entity, requires, isOfType);
      if (!representation || ownValue(representation, '__typename') == null) return undefined;
      rewrite?.(representation);
      return JSON.stringify(representation);
    },
    write: (_, text) => text as string,
  };
};

interface SingleKey {
  typename: string;
  key: string;
}

/** Most entities have one type and one key, a scalar: its value is the identity. */
const singleKey = (
  requires: readonly QueryPlanSelectionNode[],
  isOfType: IsOfType,
): SingleKey | undefined => {
  const [only, ...others] = requires;
  if (only?.kind !== 'InlineFragment' || others.length > 0) return undefined;
  const { typeCondition, selections } = only;
  if (!typeCondition || isOfType.isAbstract(typeCondition)) return undefined;
  const keys = selections.map((field) =>
    field.kind === 'Field' && !field.selections && !field.alias ? field.name : undefined,
  );
  const [key, ...more] = keys.filter((name) => name !== '__typename');
  const isOrdinary = key !== undefined && !isInheritedKey(key) && more.length === 0;
  return isOrdinary && keys.length === 2 ? { typename: typeCondition, key } : undefined;
};

const representByKey = ({ typename, key }: SingleKey): Representation => {
  const head = `{"__typename":${JSON.stringify(typename)},${JSON.stringify(key)}:`;
  return {
    identify: (entity) => {
      const source = entity as Record<string, unknown>;
      const type = source['__typename'];
      return type === typename || type === undefined ? source[key] : undefined;
    },
    write: (_, value) => `${head}${JSON.stringify(value)}}`,
  };
};

/**
 * The selected part of a value, by the fields' own names: what is aliased in the data is so only there.
 * Null when a selected field is not there.
 */
const select = (
  source: object,
  selections: readonly QueryPlanSelectionNode[],
  isOfType: IsOfType,
  condition?: string,
): object | null => {
  const typename = ownValue(source, '__typename') ?? condition;
  const selected = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const { name, alias, selections: inner } = selection;
      const value = name === '__typename' ? typename : ownValue(source, alias ?? name);
      if (value === undefined) return null;
      setOwnValue(selected, name, selectValue(value, inner, isOfType));
      continue;
    }
    const { typeCondition = condition } = selection;
    /* Without a type's name the object's type is the one that its field has: the condition's. */
    const holds = typename === undefined || !typeCondition || isOfType(typename, typeCondition);
    const part = holds ? select(source, selection.selections, isOfType, typeCondition) : null;
    if (part) merge(selected, part, isOfType.isAbstract);
  }
  return selected;
};

const selectValue = (
  value: unknown,
  selections: readonly QueryPlanSelectionNode[] | undefined,
  isOfType: IsOfType,
): unknown => {
  if (!selections || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => selectValue(item, selections, isOfType));
  return select(value, selections, isOfType);
};

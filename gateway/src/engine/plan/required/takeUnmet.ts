// Finds the fields that a fetch asks for without what they @require, and takes them out of it.
import type { FetchDataRewrite, FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type DefinitionNode,
  type DirectiveNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { footprint } from '../../compile/footprint.ts';
import { renamedKeys } from '../../compile/rewrites.ts';
import { isCondition } from '../../document/conditions.ts';
import { responseKey } from '../../document/responseKey.ts';
import { withOperation } from '../fetches/withOperation.ts';
import { parseFieldSet } from '../supergraph/fieldSet.ts';
import { pathsOf, type Requirements } from '../supergraph/Requirements.ts';
import { takeRewrites } from './takeRewrites.ts';
import { UnmetRequirement } from './UnmetRequirement.ts';

export interface UnmetField {
  field: FieldNode;
  type: string;
  /** Of the objects that it is a field of, from those of the fetch on. */
  path: readonly string[];
  /** They are the entities of the fetch. */
  isOfEntity: boolean;
  /** Each @skip and @include that it stands under. */
  conditions: readonly DirectiveNode[];
  requires: SelectionSetNode;
  key: SelectionSetNode;
  /** Of what is below it, from the type on. */
  rewrites: readonly FetchDataRewrite[];
}

export interface Taken {
  /** The fetch without the fields; undefined when nothing is left of it. */
  rest: FetchNode | undefined;
  fields: readonly UnmetField[];
}

export const takeUnmet = (
  schema: GraphQLSchema,
  requirements: Requirements,
  fetch: FetchNode,
): Taken => {
  const { serviceName } = fetch;
  const { writes } = footprint(fetch, []);
  const fields: UnmetField[] = [];
  let outputRewrites: readonly FetchDataRewrite[] = fetch.outputRewrites ?? [];
  /* The planner's aliases occur once in an operation. */
  const renamed = renamedKeys(outputRewrites);
  const dataKey = (field: FieldNode): string => {
    const key = responseKey(field);
    return renamed.get(key) ?? key;
  };

  /* What is selected beside a field that requires it is @provided, or the subgraph's own. */
  const isUnmet = (requires: SelectionSetNode, { type, keys, isOfEntity }: Place): boolean => {
    const given = new Set(
      (isOfEntity ? fetch.requires : undefined)
        ?.filter(
          (one) => one.kind === 'Field' || requirements.overlap(type?.name, one.typeCondition),
        )
        .flatMap(givenPaths),
    );
    const above = keys.map((key) => `${key}.`).join('');
    return pathsOf(requires).some(
      (required) => !isTypename(required) && !given.has(required) && !writes.has(above + required),
    );
  };

  const walk = (set: SelectionSetNode, place: Place): SelectionSetNode => {
    const before = fields.length;
    const selections = set.selections.flatMap((selection) => walkSelection(selection, place));
    return {
      ...set,
      selections: fields.length > before ? withoutRepeated(selections) : selections,
    };
  };

  const walkSelection = (selection: SelectionNode, place: Place): SelectionNode[] => {
    const { type, path, keys, conditions } = place;
    const under = [...conditions, ...(selection.directives ?? []).filter(isCondition)];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const narrowed = selection.typeCondition?.name.value;
      const inner = walk(selection.selectionSet, {
        ...place,
        type: narrowed === undefined ? type : schema.getType(narrowed),
        conditions: under,
      });
      return inner.selections.length > 0 ? [{ ...selection, selectionSet: inner }] : [];
    }
    const name = selection.name.value;
    const requires = type && requirements.fieldSet(serviceName, type.name, name);
    if (type && requires && isUnmet(requires, place)) {
      const key = requirements.keyOf(serviceName, type.name);
      if (!key) throw new UnmetRequirement(type.name, name);
      const { isOfEntity } = place;
      const at = [...keys, responseKey(selection)];
      const own = dataKey(selection);
      const field: FieldNode = {
        ...selection,
        alias: own === name ? undefined : { kind: Kind.NAME, value: own },
        directives: [],
      };
      const rewrites = takeRewrites(outputRewrites, at, [`... on ${type.name}`, own]);
      outputRewrites = rewrites.rest;
      fields.push({
        field,
        type: type.name,
        path,
        isOfEntity,
        conditions: under,
        requires,
        key,
        rewrites: rewrites.below,
      });
      return isOfEntity ? [] : [...parseFieldSet('__typename').selections, ...key.selections];
    }
    if (!selection.selectionSet) return [selection];
    const isEntities = name === '_entities' && path.length === 0;
    const output = type && 'getFields' in type ? type.getFields()[name]?.type : undefined;
    const inner = walk(selection.selectionSet, {
      type: output && getNamedType(output),
      path: isEntities ? [] : [...path, dataKey(selection), ...listsOf(output)],
      keys: isEntities ? [] : [...keys, responseKey(selection)],
      conditions: under,
      isOfEntity: isEntities,
    });
    return inner.selections.length > 0 ? [{ ...selection, selectionSet: inner }] : [];
  };

  const document = parse(fetch.operation, { noLocation: true });
  const definitions = document.definitions.flatMap((definition): DefinitionNode[] => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [definition];
    const type = schema.getRootType(definition.operation) ?? undefined;
    const root = { type, path: [], keys: [], conditions: [], isOfEntity: false };
    const selectionSet = walk(definition.selectionSet, root);
    return selectionSet.selections.length > 0 ? [{ ...definition, selectionSet }] : [];
  });
  if (fields.length === 0) return { rest: fetch, fields };
  if (definitions.length === 0) return { rest: undefined, fields };
  const { outputRewrites: _, ...base } = fetch;
  const rest = withOperation(base, { ...document, definitions });
  return {
    rest: { ...rest, ...(outputRewrites.length > 0 && { outputRewrites: [...outputRewrites] }) },
    fields,
  };
};

interface Place {
  type: GraphQLNamedType | undefined;
  path: readonly string[];
  /** As the operation has them, before rewrites. */
  keys: readonly string[];
  conditions: readonly DirectiveNode[];
  isOfEntity: boolean;
}

/** What a key adds may be there. */
const withoutRepeated = (selections: readonly SelectionNode[]): SelectionNode[] => [
  ...new Map(selections.map((selection) => [print(selection), selection])).values(),
];

const givenPaths = (selection: QueryPlanSelectionNode): string[] => {
  const inner = selection.selections?.flatMap(givenPaths) ?? [];
  if (selection.kind === 'InlineFragment') return inner;
  const key = selection.alias ?? selection.name;
  return [key, ...inner.map((path) => `${key}.${path}`)];
};

const isTypename = (path: string): boolean => path === '__typename' || path.endsWith('.__typename');

/** One '@' for each list within a list. */
const listsOf = (type: GraphQLType | undefined): string[] => {
  if (isNonNullType(type)) return listsOf(type.ofType);
  return isListType(type) ? ['@', ...listsOf(type.ofType)] : [];
};

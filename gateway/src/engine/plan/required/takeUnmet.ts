// Finds the fields that a fetch asks for without what they @require, and takes them out of it.
import type { FetchDataRewrite, FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
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
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import { footprint } from '../../compile/footprint.ts';
import { renamedKeys } from '../../compile/rewrites.ts';
import { parseFieldSet } from '../supergraph/fieldSet.ts';
import { pathsOf, type Requirements } from '../supergraph/Requirements.ts';
import { responseKey } from '../../document/responseKey.ts';

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
  let outputRewrites = fetch.outputRewrites ?? [];
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
      const rewrites = outputRewrites.filter((one) => startsWith(fieldsOf(one), at));
      outputRewrites = outputRewrites.filter((one) => !rewrites.includes(one));
      fields.push({
        field,
        type: type.name,
        path,
        isOfEntity,
        conditions: under,
        requires,
        key,
        rewrites: rewrites.flatMap((one) => {
          const below = withoutFields(one.path, at.length);
          return below.length > 0 ? [{ ...one, path: [`... on ${type.name}`, own, ...below] }] : [];
        }),
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
  return { rest: { ...rest, ...(outputRewrites.length > 0 && { outputRewrites }) }, fields };
};

interface Place {
  type: GraphQLNamedType | undefined;
  path: readonly string[];
  /** As the operation has them, before rewrites. */
  keys: readonly string[];
  conditions: readonly DirectiveNode[];
  isOfEntity: boolean;
}

/** The operation with the definitions of the variables that it uses. */
export const withOperation = (fetch: FetchNode, document: DocumentNode): FetchNode => {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const operation = visit(document, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
  return {
    ...fetch,
    operation: stripIgnoredCharacters(print(operation)),
    variableUsages: fetch.variableUsages?.filter((name) => used.has(name)),
  };
};

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

const fieldsOf = ({ path }: FetchDataRewrite): string[] =>
  path.filter((part) => !part.startsWith('... on '));

/** What comes after the first so many fields. */
const withoutFields = (path: readonly string[], count: number): string[] => {
  let passed = 0;
  const last = path.findIndex((part) => !part.startsWith('... on ') && ++passed === count);
  return path.slice(last + 1);
};

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((part, index) => path[index] === part);

const isTypename = (path: string): boolean => path === '__typename' || path.endsWith('.__typename');

const isCondition = ({ name }: DirectiveNode): boolean =>
  name.value === 'skip' || name.value === 'include';

/** One '@' for each list within a list. */
const listsOf = (type: GraphQLType | undefined): string[] => {
  if (isNonNullType(type)) return listsOf(type.ofType);
  return isListType(type) ? ['@', ...listsOf(type.ofType)] : [];
};

/** A field that would be asked for without what it requires. */
export class UnmetRequirement extends Error {
  constructor(type: string | undefined, field: string | undefined) {
    super(`No plan was found that gives "${type}.${field}" what it requires`);
  }
}

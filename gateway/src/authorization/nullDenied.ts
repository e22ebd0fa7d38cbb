// Gives the response of a pruned operation the shape of the one that was asked for: null and an
// error at every denied place, with GraphQL's null propagation where null is not allowed.
import {
  type FieldNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type Selected } from './collectFields.ts';
import { fieldOf } from './guardedFields.ts';
import { runtimeTypeKey } from './pruneOperation.ts';

export type Denials = ReadonlyMap<FieldNode, GraphQLError>;

type Path = readonly (string | number)[];
type Data = Record<string, unknown>;

export interface Completed {
  data: Data | null;
  errors: GraphQLError[];
}

/** `data` is the response to the pruned operation; an empty object when nothing was executed. */
export const nullDenied = (
  selected: Selected,
  operation: OperationDefinitionNode,
  data: Data,
  denials: Denials,
): Completed => {
  const errors: GraphQLError[] = [];

  /** Undefined: a null that may not be, so the object around becomes null. */
  const completeObject = (
    sets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    source: Data,
    path: Path,
  ): Data | undefined => {
    const result: Data = Object.create(null);
    let bubbles = false;
    for (const [key, nodes] of collectFields(selected, sets, type)) {
      const completed = completeField(nodes, type, source[key], [...path, key]);
      if (completed === undefined) bubbles = true;
      result[key] = completed;
    }
    return bubbles ? undefined : result;
  };

  const completeField = (
    nodes: readonly FieldNode[],
    parent: GraphQLObjectType,
    value: unknown,
    path: Path,
  ): unknown => {
    const [node] = nodes;
    const definition = node && fieldOf(parent, node.name.value);
    if (!definition) return value ?? null;
    const denial = nodes.map((one) => denials.get(one)).find((error) => error !== undefined);
    if (denial) {
      errors.push(new GraphQLError(denial.message, { nodes, path, extensions: denial.extensions }));
      return isNonNullType(definition.type) ? undefined : null;
    }
    return complete(definition.type, nodes, value ?? null, path);
  };

  const complete = (
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    value: unknown,
    path: Path,
  ): unknown => {
    if (isNonNullType(type)) {
      const completed = complete(type.ofType, nodes, value, path);
      return completed === null ? undefined : completed;
    }
    if (value === null) return null;
    if (isListType(type)) {
      const items = (value as unknown[]).map((item, index) =>
        complete(type.ofType, nodes, item, [...path, index]),
      );
      return items.includes(undefined) ? null : items;
    }
    if (!isCompositeType(type)) return value;
    const source = value as Data;
    const runtime = isObjectType(type)
      ? type
      : getNamedType(selected.schema.getType(String(source[runtimeTypeKey])));
    if (!isObjectType(runtime)) return null;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return completeObject(sets, runtime, source, path) ?? null;
  };

  const root = selected.schema.getRootType(operation.operation);
  if (!root) return { data: null, errors };
  return { data: completeObject([operation.selectionSet], root, data, []) ?? null, errors };
};

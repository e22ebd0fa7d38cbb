// Compiles a selection into the function that makes a response of fetched data: the client's aliases
// and order, nothing that only the plan needed, and null where a value is missing or invalid, with
// the propagation of section 6.4.4 of the GraphQL specification.
import {
  type FieldNode,
  type GraphQLOutputType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { ownValue } from '../data/ownValue.ts';
import type { Weight } from '../keep/Weight.ts';
import { collectFields, type ParentType, type Selected } from './collectFields.ts';
import { deniedError } from './deniedError.ts';
import { isLeafValue, typeofLeaf } from './leaf.ts';
import { type BuildObject, type BuiltField, builderBytes, objectBuilder } from './objectBuilder.ts';
import { type Path, pathArray } from './Path.ts';
import type { Complete, ShapeState } from './ShapeState.ts';
import { UnexpectedValue } from './UnexpectedValue.ts';

export interface ShapeContext extends Selected {
  /** Types and enum values that clients do not see, `Type` and `Enum.VALUE`: null is in their place. */
  hidden: ReadonlySet<string>;
  /** The key of a field's value in the fetched data. */
  dataKeyOf: (field: FieldNode) => string;
  /** Fields that are not fetched: an error stands in their place. */
  denied: ReadonlySet<FieldNode>;
  /** Grows as the shape does: objects of further types are compiled when they first occur. */
  weight: Weight;
}

/** `data` of the response; null when a null has come up to the root. */
export type Shape = (data: object, state: ShapeState) => object | null;

export const compileShape = (
  context: ShapeContext,
  selectionSet: SelectionSetNode,
  root: ParentType,
): Shape => {
  const build = compileObject(context, [selectionSet], root);
  return (data, state) => build(data, undefined, state);
};

const compileObject = (
  context: ShapeContext,
  sets: readonly SelectionSetNode[],
  type: ParentType,
): BuildObject => {
  const fields = [...collectFields(context, sets, type)].map(([key, nodes]) =>
    compileField(context, key, nodes, type),
  );
  context.weight.add(builderBytes(fields));
  return objectBuilder(fields);
};

const compileField = (
  context: ShapeContext,
  key: string,
  nodes: readonly FieldNode[],
  parent: ParentType,
): BuiltField => {
  const [node] = nodes as [FieldNode, ...FieldNode[]];
  const name = node.name.value;
  const dataKey = context.dataKeyOf(node);
  if (name === '__typename') return { dataKey, ...typenameField(key, parent, nodes) };
  const definition = 'getFields' in parent ? parent.getFields()[name] : undefined;
  /* __schema and __type come complete. */
  if (!definition) return { key, dataKey, complete: (value) => value ?? null, nonNull: false };
  const { type } = definition;
  const nonNull = isNonNullType(type);
  if (nodes.some((one) => context.denied.has(one))) {
    return { key, dataKey, nonNull, complete: completeDenied(nodes) };
  }
  const place = { coordinate: `${parent.name}.${name}`, nodes };
  const nullable = isNonNullType(type) ? type.ofType : type;
  return {
    key,
    dataKey,
    nonNull,
    complete: compileType(context, type, place),
    typeof: isLeafType(nullable) ? typeofLeaf(nullable) : undefined,
  };
};

/** On an abstract parent the object's type is unknown, which only a plan that is wrong can cause. */
const typenameField = (
  key: string,
  parent: ParentType,
  nodes: readonly FieldNode[],
): Omit<BuiltField, 'dataKey'> => {
  const nonNull = true;
  if (isObjectType(parent)) {
    return { key, constant: parent.name, complete: (value) => value, nonNull };
  }
  const place = { coordinate: `${parent.name}.__typename`, nodes };
  const message = `The type of an object of type ${parent.name} is not known.`;
  return { key, nonNull, complete: (_, path, state) => invalid({ state, path, place, message }) };
};

const completeDenied =
  (nodes: readonly FieldNode[]): Complete =>
  (_value, path, state) => {
    state.denied.push(deniedError(nodes, pathArray(path), state.denials));
    return null;
  };

interface Place {
  /** Of the field whose value it is, `Deal.owner`. */
  coordinate: string;
  nodes: readonly FieldNode[];
}

const compileType = (context: ShapeContext, type: GraphQLOutputType, place: Place): Complete => {
  if (isNonNullType(type)) {
    const complete = compileNullable(context, type.ofType, place);
    const message = `Cannot return null for non-nullable field ${place.coordinate}.`;
    return (value, path, state) => {
      const completed =
        value === null || value === undefined ? hidden : complete(value, path, state);
      if (completed !== hidden) return completed;
      return invalid({ state, path, place, message, isNull: true });
    };
  }
  const complete = compileNullable(context, type, place);
  return (value, path, state) => {
    if (value === null || value === undefined) return null;
    const completed = complete(value, path, state);
    return completed === hidden ? null : completed;
  };
};

/** A value that clients are not to see: null without an error, as far as null is allowed. */
const hidden = Symbol('hidden');

/** For values that are not null. */
const compileNullable = (
  context: ShapeContext,
  type: GraphQLOutputType,
  place: Place,
): Complete => {
  if (isListType(type)) return compileList(context, type.ofType, place);
  if (isCompositeType(type)) return compileComposite(context, type, place);
  if (!isLeafType(type)) throw new TypeError(`${place.coordinate} has no output type`);
  const isValid = isLeafValue(type);
  const message = `A subgraph answered a value for ${place.coordinate} that is not of type ${type.name}.`;
  return (value, path, state) => {
    if (isValid(value)) return value;
    if (context.hidden.has(`${type.name}.${value}`)) return hidden;
    return invalid({ state, path, place, message });
  };
};

const compileList = (context: ShapeContext, type: GraphQLOutputType, place: Place): Complete => {
  const complete = compileType(context, type, place);
  const nonNull = isNonNullType(type);
  const message = `A subgraph answered a value for ${place.coordinate} that is not a list.`;
  return (value, path, state) => {
    if (!Array.isArray(value)) return invalid({ state, path, place, message });
    const { length } = value;
    const items = new Array(length);
    for (let index = 0; index < length; index++) {
      const item = complete(value[index], { prev: path, key: index }, state);
      if (item === null && nonNull) return null;
      items[index] = item;
    }
    return items;
  };
};

const compileComposite = (context: ShapeContext, type: ParentType, place: Place): Complete => {
  const sets = place.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const message = `A subgraph answered a value for ${place.coordinate} that is not an object.`;
  if (isObjectType(type)) {
    const build = compileObject(context, sets, type);
    return (value, path, state) =>
      typeof value === 'object' && !Array.isArray(value)
        ? build(value as object, path, state)
        : invalid({ state, path, place, message });
  }
  const unknownType = `A subgraph answered an object for ${place.coordinate} that is not of type ${type.name}.`;
  const builders = new Map<unknown, BuildObject | null>();
  const builderOf = (typename: unknown): BuildObject | null => {
    const runtime = typename === undefined ? type : context.schema.getType(String(typename));
    return isCompositeType(runtime) && isPossible(context, type, runtime)
      ? compileObject(context, sets, runtime)
      : null;
  };
  return (value, path, state) => {
    if (typeof value !== 'object' || Array.isArray(value)) {
      return invalid({ state, path, place, message });
    }
    const typename = ownValue(value as object, '__typename');
    let build = builders.get(typename);
    if (build === undefined) {
      build = builderOf(typename);
      /* Names that are not the schema's are not kept: a subgraph could send any number of them. */
      if (build) builders.set(typename, build);
    }
    if (build) return build(value as object, path, state);
    if (context.hidden.has(typename as string)) return hidden;
    return invalid({ state, path, place, message: unknownType });
  };
};

/** An interface's own name stands for its objects where an @interfaceObject answered them. */
const isPossible = ({ schema }: ShapeContext, declared: ParentType, runtime: ParentType): boolean =>
  runtime === declared ||
  (isAbstractType(declared) && 'getFields' in runtime && schema.isSubType(declared, runtime));

interface Invalid {
  state: ShapeState;
  path: Path | undefined;
  place: Place;
  message: string;
  isNull?: boolean;
}

const invalid = ({ state, path, place, message, isNull = false }: Invalid): null => {
  const { coordinate, nodes } = place;
  state.invalid.push(
    new UnexpectedValue({ coordinate, nodes, message, path: pathArray(path), isNull }),
  );
  return null;
};

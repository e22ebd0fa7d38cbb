// Counts the objects of an answer as they are resolved: every field that gives objects asks the budget first.
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  isObjectType,
} from 'graphql';
import type { SubgraphContext } from './SubgraphContext.ts';

type Field = GraphQLField<unknown, SubgraphContext>;

/** Changes `schema`: its fields count by `context.budget`, and fail with RESPONSE_TOO_LARGE beyond it. */
export function limitResponse(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (isCompositeType(getNamedType(field.type))) field.resolve = counted(field);
    }
  }
}

function counted(field: Field): NonNullable<Field['resolve']> {
  const { name, resolve = defaultFieldResolver } = field;
  const count = isListType(getNullableType(field.type)) ? countList : countObject;
  const counts = name === '_entities' ? countRepresentations : count;
  return (source, args, context, info) => {
    context.budget.check();
    const value: unknown = resolve(source, args, context, info);
    return value instanceof Promise
      ? value.then((settled: unknown) => counts(context, settled))
      : counts(context, value);
  };
}

type Count = (context: SubgraphContext, value: unknown) => unknown;

const countObject: Count = ({ budget }, value) => {
  if (value != null) budget.object();
  return value;
};

const countList: Count = ({ budget }, value) => {
  if (!Array.isArray(value)) return value;
  const turn = budget.list(value.length);
  return turn ? turn.then(() => value) : value;
};

const countRepresentations: Count = ({ budget }, value) => {
  if (Array.isArray(value)) budget.representations(value.length);
  return value;
};

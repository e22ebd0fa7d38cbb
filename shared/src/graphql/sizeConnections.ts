// Every field that gives a connection says that `first` is its size: said here once, so that a new list
// cannot forget it.
import { type GraphQLField, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { defaultPageSize } from './ConnectionArgs.ts';
import { listSizeArguments } from './cost.ts';

/** The lists of the type that `connectionOf` makes. */
const sizedFields = ['edges', 'nodes'];

/** Adds `@listSize` to the fields of `schema` that take `first` and give a connection. */
export function sizeConnections(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isConnection(field)) continue;
      // What the printer of the SDL reads beside the directives of decorators.
      field.extensions = {
        ...field.extensions,
        directives: {
          listSize: listSizeArguments({
            assumedSize: defaultPageSize,
            slicingArguments: ['first'],
            sizedFields,
          }),
        },
      };
    }
  }
}

function isConnection(field: GraphQLField<unknown, unknown>): boolean {
  const type = getNamedType(field.type);
  if (!isObjectType(type) || !field.args.some(({ name }) => name === 'first')) return false;
  const fields = type.getFields();
  return ['pageInfo', ...sizedFields].every((name) => name in fields);
}

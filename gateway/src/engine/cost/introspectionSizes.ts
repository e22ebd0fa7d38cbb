// How long the lists of introspection are, on the average of the schema that is asked about: so a document that repeats
// them costs what it repeats.
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';

/** The fields at the root that graphql-js answers. */
export const introspectionFields = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

const known = new WeakMap<GraphQLSchema, ReadonlyMap<string, number>>();

/** Items by the list's coordinate, `__Type.fields`. */
export const introspectionSizes = (schema: GraphQLSchema): ReadonlyMap<string, number> => {
  const sizes = known.get(schema) ?? sizesOf(schema);
  known.set(schema, sizes);
  return sizes;
};

const sizesOf = (schema: GraphQLSchema): ReadonlyMap<string, number> => {
  const types = Object.values(schema.getTypeMap());
  const directives = schema.getDirectives();
  const outputs = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? type : [],
  );
  const fields = outputs.flatMap((type) => Object.values(type.getFields()));
  const inputs = types.flatMap((type) =>
    isInputObjectType(type) ? Object.keys(type.getFields()) : [],
  );
  const values = types.flatMap((type) => (isEnumType(type) ? type.getValues() : []));
  const members = types.flatMap((type) =>
    isUnionType(type) || isInterfaceType(type) ? schema.getPossibleTypes(type) : [],
  );
  const average = (all: readonly unknown[], of: readonly unknown[]) => all.length / of.length;
  return new Map([
    ['__Schema.types', types.length],
    ['__Schema.directives', directives.length],
    ['__Type.fields', average(fields, types)],
    ['__Type.inputFields', average(inputs, types)],
    ['__Type.enumValues', average(values, types)],
    [
      '__Type.interfaces',
      average(
        outputs.flatMap((type) => type.getInterfaces()),
        types,
      ),
    ],
    ['__Type.possibleTypes', average(members, types)],
    [
      '__Field.args',
      average(
        fields.flatMap(({ args }) => args),
        fields,
      ),
    ],
    [
      '__Directive.args',
      average(
        directives.flatMap(({ args }) => args),
        directives,
      ),
    ],
  ]);
};

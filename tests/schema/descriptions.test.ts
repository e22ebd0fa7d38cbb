import { readFileSync } from 'node:fs';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

const schema = buildSchema(readFileSync('schema/api.graphql', 'utf8'));

/** The coordinates of the API, as graphql-spec's schema coordinates write them, with descriptions. */
function* coordinates(): Generator<[string, string | null | undefined]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    yield [type.name, type.description];
    if (isEnumType(type)) {
      for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description];
    }
    if (isInputObjectType(type) || isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        yield [`${type.name}.${field.name}`, field.description];
        for (const arg of 'args' in field ? field.args : []) {
          yield [`${type.name}.${field.name}(${arg.name}:)`, arg.description];
        }
      }
    }
  }
}

test('every type, field, argument and enum value of the API has a description', () => {
  const all = [...coordinates()];
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(([, description]) => !description).map(([coordinate]) => coordinate)).toEqual(
    [],
  );
});

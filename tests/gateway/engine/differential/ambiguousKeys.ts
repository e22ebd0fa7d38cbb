// Operations in which the stock executor may confuse what is fetched.
import { type GraphQLSchema, isObjectType, parse, print, visit } from 'graphql';

/**
 * Whether a response key is another field's name, or stands for two selections. A plan can have one key
 * only for what is under it and for a field that it fetches of its own accord: the stock executor then
 * loses one, sends an alias's value as an entity's key, or shows a key to the client.
 */
export const hasAmbiguousKeys = (schema: GraphQLSchema, query: string): boolean => {
  const selected = new Map<string, string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const name of Object.keys(type.getFields())) selected.set(name, name);
  }
  let ambiguous = false;
  visit(parse(query, { noLocation: true }), {
    Field: ({ alias, name, arguments: values = [] }) => {
      const key = alias?.value ?? name.value;
      const args = values.map(print).sort().join();
      for (const [at, one] of [
        [key, name.value],
        [`${key} by arguments`, args],
      ] as const) {
        ambiguous ||= (selected.get(at) ?? one) !== one;
        selected.set(at, one);
      }
    },
  });
  return ambiguous;
};

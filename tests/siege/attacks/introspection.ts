// The schema, asked for so often in one document that the answer has megabytes.
import { type Attack, always, type Variant } from './Attack.ts';

const times = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ');

const types = `types { kind name description fields(includeDeprecated: true) { name description
  args { name description type { ...T } defaultValue } type { ...T } isDeprecated }
  inputFields { name description type { ...T } } enumValues { name description } }`;
const named = 'fragment T on __Type { kind name ofType { kind name ofType { kind name } } }';

const variant = (name: string, query: string, other: Partial<Variant> = {}): Variant => ({
  name,
  from: 'nobody',
  by: 'post',
  connections: 8,
  request: always(query),
  ...other,
});

const schemas = `{ ${times(99, (index) => `a${index}: __schema { ...S }`)} }
fragment S on __Schema { ${types} } ${named}`;

const oneSchema = `{ __schema { ${times(60, (index) => `a${index}: types { ...K }`)} } }
fragment K on __Type { name description fields { name description args { name description } } }`;

const typeByName = `{ ${times(190, (index) => `a${index}: __type(name: "Query") { ...K }`)} }
fragment K on __Type { fields { name description args { name description type { ...T } } } } ${named}`;

const deeper = `{ __schema { types { fields { type { ...L ofType { ...L ofType { ...L } } } } } } }
fragment L on __Type { fields { name description args { name description } type { ...T } } } ${named}`;

const unaliased = `{ ${'__schema { ...S } '.repeat(99)} } fragment S on __Schema { ${types} } ${named}`;

export const introspection: Attack = {
  name: 'introspection',
  about: 'introspection that repeats itself within one document',
  variants: [
    variant('99 schemas', schemas),
    variant('99 schemas without aliases', unaliased),
    variant('one schema, its types 60 times', oneSchema),
    variant('190 times one type', typeByName),
    variant('fields of the types of fields', deeper),
    variant('99 schemas, by a user', schemas, { from: 'a user' }),
    variant('one schema, its types 60 times, by a user', oneSchema, { from: 'a user' }),
    variant('by GET', schemas, { by: 'get' }),
    variant('by SSE', schemas, { by: 'sse' }),
    variant('by WebSocket', schemas, { by: 'websocket' }),
    variant('by WebSocket, by a user', schemas, { from: 'a user', by: 'websocket' }),
    variant('answers that nobody reads', schemas, { by: 'post, unread', connections: 40 }),
  ],
};

// What the planner is given after it has failed for a type that a subgraph does not know: the same
// selections by object types only.
import { expandingOnFailure } from '@crm-graph/gateway/engine/plan/operation/expandingOnFailure';
import { buildSchema, type DocumentNode, parse, print } from 'graphql';

const schema = buildSchema(`
  type Query { stop: Stop thing: Thing open: Boolean }
  interface Stop { id: ID! next: Stop }
  interface Staffed { staff: Int }
  type Station implements Stop & Staffed { id: ID! next: Stop staff: Int }
  type Halt implements Stop { id: ID! next: Stop }
  type Shed implements Staffed { staff: Int }
  union Thing = Station | Shed
`);

const oneLine = (document: DocumentNode): string => print(document).replaceAll(/\s+/g, ' ').trim();

/** The documents that were to be planned; the first ones fail. */
const planned = (query: string, failures: readonly Error[]): string[] => {
  const documents: string[] = [];
  expandingOnFailure(schema, parse(query), (document) => {
    const failure = failures[documents.length];
    documents.push(oneLine(document));
    if (failure) throw failure;
  });
  return documents;
};

const missingEdge = new Error('We should have an edge from Stop(a) to Staffed(a)');
const expanded = (query: string): string | undefined => planned(query, [missingEdge])[1];

test('what can be planned is planned as it is', () => {
  const query = '{ stop { ... on Staffed { staff } } }';
  expect(planned(query, [])).toEqual([query]);
});

test('another failure is not tried again', () => {
  const documents: DocumentNode[] = [];
  const plan = (document: DocumentNode): never => {
    documents.push(document);
    throw new RangeError('too large');
  };
  expect(() => expandingOnFailure(schema, parse('{ open }'), plan)).toThrow('too large');
  expect(documents).toHaveLength(1);
});

test('a second failure is told', () => {
  expect(() => planned('{ open }', [missingEdge, new Error('not this way either')])).toThrow(
    'not this way either',
  );
});

test.each([
  [
    'an interface',
    '{ stop { ... on Staffed { staff } } }',
    '{ stop { ... on Station { staff } } }',
  ],
  [
    'the interface of the place itself',
    '{ stop { ... on Stop { id } } }',
    '{ stop { ... on Station { id } ... on Halt { id } } }',
  ],
  [
    'a union',
    '{ thing { ... on Thing { ... on Staffed { staff } } } }',
    '{ thing { ... on Station { ... on Station { staff } } ... on Shed { ... on Shed { staff } } } }',
  ],
  [
    'no type at all, under a condition',
    'query ($a: Boolean!) { stop { ... @include(if: $a) { id } } }',
    'query ($a: Boolean!) { stop { ... on Station @include(if: $a) { id } ... on Halt @include(if: $a) { id } } }',
  ],
  [
    'a named fragment, within another',
    'query ($a: Boolean!) { stop { next { ...S @skip(if: $a) } } } fragment S on Staffed { staff ...I } fragment I on Stop { id }',
    'query ($a: Boolean!) { stop { next { ... on Station @skip(if: $a) { staff ... on Station { id } } } } }',
  ],
  [
    'a type that is not possible there',
    '{ stop { ... on Shed { staff } } }',
    '{ stop { __typename } }',
  ],
])('a fragment on %s becomes ones on object types', (_, query, result) => {
  expect(expanded(query)).toBe(result);
});

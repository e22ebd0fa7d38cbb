// Documents on which graphql's own rules throw, or which they let through though nothing can be done
// with them: each is its caller's error, with a code.

import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import { DocumentReader } from '@crm-graph/gateway/engine/prepare/DocumentReader';
import { buildSchema } from 'graphql';

const schema = buildSchema(`
  type Query { echo(fl: Float, any: Any, in: In, list: [Float!], id: ID, int: Int): Int }
  type Subscription { events(a: Int): Event others: Event }
  type Event { cursor: ID }
  input In { fl: Float any: [Any] in: In }
  scalar Any
`);

const codesOf = (text: string, options: { throws?: boolean } = {}): string[] => {
  const explode = () => {
    throw new RangeError('Maximum call stack size exceeded');
  };
  const reader = new DocumentReader(schema, options.throws ? { validationRules: [explode] } : {});
  try {
    reader.read(text);
    return [];
  } catch (cause) {
    if (!(cause instanceof OperationError)) throw cause;
    return cause.errors.map(({ message, extensions }) => `${extensions['code']}: ${message}`);
  }
};
const invalid = 'GRAPHQL_VALIDATION_FAILED: ';

describe('the root of a subscription', () => {
  const conditional = 'must not have @skip or @include at its root.';

  it.each([
    'subscription ($x: Boolean!) { events @include(if: $x) { cursor } }',
    'subscription ($x: Boolean! = true) { events @skip(if: $x) { cursor } }',
    'subscription { events @include(if: true) { cursor } }',
    'subscription ($x: Boolean!) { ... @include(if: $x) { events { cursor } } }',
    'subscription ($x: Boolean!) { ...F @skip(if: $x) } fragment F on Subscription { events { cursor } }',
    'subscription ($x: Boolean!) { ...F } fragment F on Subscription { events @skip(if: $x) { cursor } }',
  ])('may not be conditional: %s', (text) => {
    expect(codesOf(text)).toEqual([`${invalid}Anonymous Subscription ${conditional}`]);
  });

  it('may not be so beside the operation that is asked for, either', () => {
    const text = `query A { __typename }
      subscription B($x: Boolean!) { events @include(if: $x) { cursor } }`;
    expect(codesOf(text)).toEqual([`${invalid}Subscription "B" ${conditional}`]);
  });

  it.each([
    ['{ events { cursor } others { cursor } }', 'select only one top level field.'],
    ['{ events { cursor } more: events { cursor } }', 'select only one top level field.'],
    [
      '{ ... on Subscription { events { cursor } } others { cursor } }',
      'select only one top level field.',
    ],
    ['{ __typename }', 'not select an introspection top level field.'],
  ])('has one field of data: %s', (selection, problem) => {
    expect(codesOf(`subscription S ${selection}`)).toEqual([
      `${invalid}Subscription "S" must ${problem}`,
    ]);
  });

  it.each([
    'subscription ($x: Boolean!) { events { cursor @include(if: $x) } }',
    'subscription { events { cursor } events { cursor } ...F } fragment F on Subscription { events { cursor } }',
  ])('may be anything else: %s', (text) => expect(codesOf(text)).toEqual([]));
});

describe('numbers that no type can hold', () => {
  it.each([
    '{ echo(fl: 1e400) }',
    '{ echo(fl: -1e400) }',
    '{ echo(any: 1e400) }',
    '{ echo(any: { a: [1, [2, 1e999]] }) }',
    '{ echo(list: [1, 1e400]) }',
    '{ echo(in: { in: { fl: 1e400 } }) }',
    '{ echo(in: { any: [1e400] }) }',
    'query ($a: Float = 1e400) { echo(fl: $a) }',
    'query ($a: Any = [1e400]) { echo(any: $a) }',
    'query ($a: In = { any: [1e400] }) { echo(in: $a) }',
    `{ echo(any: ${'9'.repeat(400)}) }`,
  ])('are refused: %s', (text) => {
    expect(codesOf(text)).toEqual([
      expect.stringMatching(
        /^GRAPHQL_VALIDATION_FAILED: The number \S+ is too large for any type\.$/,
      ),
    ]);
  });

  it('are told from large ones', () => {
    expect(codesOf(`{ echo(fl: 1e308, any: 12345678901234567890, list: [1e-400]) }`)).toEqual([]);
  });
});

it('what a rule throws is an error of the document', () => {
  expect(codesOf('{ echo }', { throws: true })).toEqual([
    `${invalid}The document cannot be validated.`,
  ]);
});

it('introspection that leads from types to types again and again is refused', () => {
  const text = '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }';
  expect(codesOf(text)).toEqual([`${invalid}Maximum introspection depth exceeded`]);
});

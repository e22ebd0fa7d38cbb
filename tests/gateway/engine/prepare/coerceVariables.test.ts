// Variables that cannot be taken, or that could not be sent on as they are.

import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import { coerceVariables } from '@crm-graph/gateway/engine/prepare/coerceVariables';
import { buildSchema, type GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';

const schema = buildSchema(`
  type Query { echo(any: Any, in: In, fl: Float): Int }
  input In { any: Any list: [Int!] }
  scalar Any
`);

const coerce = (declared: string, json: string) => {
  const { definitions } = parse(`query (${declared}) { __typename }`);
  const operation = definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new TypeError('There is no operation');
  return coerceVariables({ schema, node: operation }, JSON.parse(json));
};

const refusal = (declared: string, json: string): readonly GraphQLError[] => {
  try {
    coerce(declared, json);
  } catch (error) {
    if (error instanceof OperationError) return error.errors;
    throw error;
  }
  return [];
};

describe('variables', () => {
  it('are taken as declared', () => {
    expect(coerce('$a: In, $b: Float = 2', '{"a":{"any":[1,{"x":null}]},"c":1e400}')).toEqual({
      a: { any: [1, { x: null }] },
      b: 2,
    });
  });

  it.each([
    ['$a: Any', '{"a":1e400}', 'Variable $a is a number that is too large.'],
    ['$a: Any', '{"a":[1,{"x":-1e400}]}', 'Variable $a.1.x is a number that is too large.'],
    ['$a: In', '{"a":{"any":[[1e400]]}}', 'Variable $a.any.0.0 is a number that is too large.'],
    ['$a: Float', '{"a":1e400}', 'Variable $a is a number that is too large.'],
    [
      '$a: Any',
      `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
      'Variable $a has more than 100 levels.',
    ],
    [
      '$a: Float',
      '{"a":"x"}',
      'Variable "$a" got invalid value "x"; Float cannot represent non numeric value: "x"',
    ],
    ['$a: Float!', '{}', 'Variable "$a" of required type "Float!" was not provided.'],
  ])('%s of %.30s is a bad input', (declared, json, message) => {
    const errors = refusal(declared, json);
    expect(errors.map((error) => [error.extensions['code'], error.message])).toEqual([
      ['BAD_USER_INPUT', message],
    ]);
  });

  it('have few errors, however much is wrong', () => {
    const errors = refusal('$a: In', JSON.stringify({ a: { list: Array(1_000).fill('x') } }));
    expect(errors).toHaveLength(21);
  });
});

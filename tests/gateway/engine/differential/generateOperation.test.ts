// The generator of operations, by what it makes.
import { buildSchema, getVariableValues, parse, validate } from 'graphql';
import { type Feature, generateOperation } from './generateOperation.ts';
import { Oracle } from './oracle.ts';
import { hash } from './Random.ts';
import { supergraphs } from './supergraphs.ts';
import { TestSupergraph } from './TestSupergraph.ts';

const features: readonly Feature[] = [
  'named fragment',
  'inline fragment',
  'bare inline fragment',
  'alias',
  'repeated field',
  'condition',
  'condition by variable',
  'arguments',
  'variables',
  'introspection',
  'typename',
  'second operation',
  'risky aliases',
];

describe('generateOperation', () => {
  it.each(supergraphs)('makes valid operations of all kinds for $name', async (definition) => {
    await using oracle = await Oracle.start(new TestSupergraph(definition));
    const { schema } = oracle;
    const found = new Set<string>();
    for (let seed = 1; seed <= 150; seed++) {
      const operation = generateOperation(schema, hash(`${definition.name} ${seed}`));
      const document = parse(operation.query);
      expect({ ...operation, errors: validate(schema, document) }).toMatchObject({ errors: [] });
      const [first] = document.definitions;
      if (first?.kind !== 'OperationDefinition') throw new TypeError('The operation is first');
      const variables = first.variableDefinitions ?? [];
      const { errors } = getVariableValues(schema, variables, operation.variables);
      expect({ ...operation, errors }).toMatchObject({ errors: undefined });
      for (const feature of operation.features) found.add(feature);
    }
    expect([...found]).toEqual(expect.arrayContaining([...features]));
  });

  it('makes the same operation of the same seed, and another of another', () => {
    const schema = buildSchema('type Query { a(b: Int): Query c: [String!] d: Float }');
    expect(generateOperation(schema, 7)).toEqual(generateOperation(schema, 7));
    const queries = [1, 2, 3, 4, 5].map((seed) => generateOperation(schema, seed).query);
    expect(new Set(queries).size).toBe(5);
  });
});

// The attacks are what they say: documents that nothing is wrong with but their weight.
import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { root } from '../../runningStack.ts';
import { allAttacks } from './allAttacks.ts';

const schema = buildSchema(readFileSync(`${root}/schema/api.graphql`, 'utf8'));

/** Those whose aim is what validates them. */
const againstValidation = ['repeated-fields', 'lists in a literal, 1,000 deep'];

const variants = allAttacks.flatMap((attack) =>
  attack.variants.map((variant) => [`${attack.name}/${variant.name}`, attack, variant] as const),
);

test('no two variants of an attack have one name', () => {
  const names = variants.map(([name]) => name);
  expect(names).toEqual([...new Set(names)]);
});

test.each(variants)('%s is the same request for the same number', (_name, _attack, variant) => {
  expect(variant.request(3)).toEqual(variant.request(3));
});

test.each(
  variants.filter(
    ([, attack, variant]) =>
      !againstValidation.includes(attack.name) && !againstValidation.includes(variant.name),
  ),
)('%s is a valid document of the graph', (_name, _attack, variant) => {
  for (const index of [0, 1]) {
    expect(validate(schema, parse(variant.request(index).query))).toEqual([]);
  }
});

test('documents that are to be distinct are', () => {
  const distinct = allAttacks.find(({ name }) => name === 'distinct-documents');
  for (const { request } of distinct?.variants ?? []) {
    expect(request(1).query).not.toBe(request(2).query);
  }
});

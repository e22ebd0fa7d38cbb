// Limits on what an operation may ask, counted where fragments are used.
import { operationLimits } from '@crm-graph/gateway/graph/operationLimits';
import { buildSchema, parse, validate } from 'graphql';

const schema = buildSchema('type Query { a: Query, b: String }');
const limits = { maxDepth: 4, maxAliases: 3, maxFields: 20 };

const problems = (source: string): string[] =>
  validate(schema, parse(source), [operationLimits(limits)]).map(
    ({ message, extensions }) => `${extensions.code}: ${message}`,
  );

describe('operationLimits', () => {
  it('accepts what is within them', () => {
    expect(problems('{ a { a { a { b } } } x: b y: b z: b }')).toEqual([]);
  });

  it('refuses depth, also through fragments', () => {
    const deep = ['OPERATION_TOO_LARGE: The operation is deeper than 4 levels. Split it.'];
    expect(problems('{ a { a { a { a { b } } } } }')).toEqual(deep);
    expect(
      problems(
        '{ a { ...A } } fragment A on Query { a { ...B } } fragment B on Query { a { a { b } } }',
      ),
    ).toEqual(deep);
  });

  it('counts the aliases of a fragment at each use', () => {
    expect(problems('{ a { ...A } c: a { ...A } } fragment A on Query { x: b y: b }')).toEqual([
      'OPERATION_TOO_LARGE: The operation has more than 3 aliases. Split it.',
    ]);
  });

  it('measures a document that doubles at every step without unfolding it', () => {
    const steps = Array.from(
      { length: 60 },
      (_, step) => `fragment F${step} on Query { ...F${step + 1} ... { ...F${step + 1} } }`,
    ).join('\n');
    const started = performance.now();
    expect(problems(`{ ...F0 } ${steps} fragment F60 on Query { b }`)).toEqual([
      'OPERATION_TOO_LARGE: The operation has more than 20 fields. Split it.',
    ]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('ends at fragments that contain themselves', () => {
    expect(problems('{ ...A } fragment A on Query { b ...A }')).toEqual([]);
  });
});

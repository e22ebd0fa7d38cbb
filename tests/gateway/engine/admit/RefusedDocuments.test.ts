// What is remembered of refused documents, and that it stays small.

import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import { RefusedDocuments } from '@crm-graph/gateway/engine/admit/RefusedDocuments';
import { DocumentReader } from '@crm-graph/gateway/engine/prepare/DocumentReader';
import { type ASTVisitor, buildSchema, GraphQLError, parse } from 'graphql';

const schema = buildSchema('type Query { a: Int }');

describe('refused documents', () => {
  const reading = () => {
    let validations = 0;
    const counting = (): ASTVisitor => {
      validations++;
      return {};
    };
    const reader = new DocumentReader(schema, { validationRules: [counting] });
    const errorsOf = (text: string): readonly GraphQLError[] => {
      try {
        reader.read(text);
        return [];
      } catch (cause) {
        if (cause instanceof OperationError) return cause.errors;
        throw cause;
      }
    };
    return { errorsOf, validations: () => validations };
  };

  it.each(['{ b }', `{ ${'b '.repeat(90)} }`])('are validated once: %s', (text) => {
    const { errorsOf, validations } = reading();
    const first = errorsOf(text);
    expect(first[0]?.message).toBe('Cannot query field "b" on type "Query". Did you mean "a"?');
    expect(first[0]?.locations).toEqual([{ line: 1, column: 3 }]);
    const second = errorsOf(text);
    expect(JSON.parse(JSON.stringify(second))).toEqual(JSON.parse(JSON.stringify(first)));
    expect(validations()).toBe(1);
    expect(errorsOf('{ a }')).toEqual([]);
    expect(validations()).toBe(2);
  });

  it.each([`{ a(b: ${'['.repeat(500)}`, '{ a', `{ ${'a: a '.repeat(300)} }`])(
    'are those that were never validated, too',
    (text) => {
      const { errorsOf, validations } = reading();
      const told = JSON.stringify(errorsOf(text));
      expect(JSON.stringify(errorsOf(text))).toBe(told);
      expect(validations()).toBe(0);
    },
  );

  it('hold no syntax tree and no source', () => {
    const refused = new RefusedDocuments();
    const text = '{\n  b\n}';
    const nodes = [parse(text).definitions[0]!];
    refused.remember(text, [new GraphQLError('No.', { nodes, extensions: { code: 'X' } })]);
    const [error] = refused.errorsOf(text)!;
    expect(error).toMatchObject({ nodes: undefined, source: undefined, positions: undefined });
    expect(error!.toJSON()).toEqual({
      message: 'No.',
      locations: [{ line: 1, column: 1 }],
      extensions: { code: 'X' },
    });
  });

  it('take no more than their bytes and their number, however many and long they are', () => {
    const refused = new RefusedDocuments({ maxBytes: 100_000, maxDocuments: 20 });
    for (let n = 0; n < 1_000; n++) {
      refused.remember(`${n} ${'x'.repeat(n * 10)}`, [new GraphQLError('y'.repeat(n * 10))]);
      expect(refused.bytes).toBeLessThanOrEqual(100_000);
      expect(refused.size).toBeLessThanOrEqual(20);
    }
    expect(refused.size).toBeGreaterThan(0);
    refused.remember('huge', [new GraphQLError('z'.repeat(100_000))]);
    expect(refused.errorsOf('huge')).toBeUndefined();
  });
});

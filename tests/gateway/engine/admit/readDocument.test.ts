// Which documents are let in to be validated, and that looking at those that are not stays cheap.
import {
  type DocumentLimits,
  defaultDocumentLimits,
} from '@crm-graph/gateway/engine/admit/DocumentLimits';
import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import { readDocument } from '@crm-graph/gateway/engine/admit/readDocument';
import { getIntrospectionQuery } from 'graphql';

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** What it is refused for: a limit's name and what was found, or a code and a message. */
const refusal = (text: string, limits: Partial<DocumentLimits> = {}): string | undefined => {
  try {
    readDocument(text, { ...defaultDocumentLimits, ...limits });
    return undefined;
  } catch (cause) {
    if (!(cause instanceof OperationError)) throw cause;
    const { message, extensions } = cause.errors[0]!;
    if (extensions['code'] !== 'OPERATION_TOO_LARGE') return `${extensions['code']}: ${message}`;
    return `${extensions['limit']} ${/has (?:more than )?(\d+)/.exec(message)?.[1]}`;
  }
};

describe('reading a document', () => {
  it('admits what real clients send', () => {
    const options = { inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true };
    expect(refusal(getIntrospectionQuery(options))).toBeUndefined();
    const board = times(60, (n) => `stage${n}: deals(first: 50) { nodes { ...Card } }`);
    const card = 'fragment Card on Deal { id title value { amount currency } owner { id name } }';
    expect(refusal(`query Board { ${board} } ${card}`)).toBeUndefined();
    const parts = times(90, (n) => `fragment Part${n} on Deal { id __typename field${n} }`);
    expect(refusal(`{ deal { ${times(90, (n) => `...Part${n}`)} } } ${parts}`)).toBeUndefined();
  });

  it('says what was found, what is admitted and what to do', () => {
    expect(() => readDocument(`{ ${times(101, (n) => `b${n}`)} }`, defaultDocumentLimits)).toThrow(
      'The operation is too large: it has 101 fields at its root, 100 are admitted. Split it.',
    );
  });

  it.each<[keyof DocumentLimits, number, string, string]>([
    ['maxCharacters', 10, '{ a b c d }', '{ a b c }'],
    ['maxTokens', 5, '{ a b c d }', '{ a b c }'],
    ['maxNesting', 3, '{ a { b { c { d } } } }', '{ a { b { c } } }'],
    ['maxDepth', 3, '{ a { b { c { d } } } }', '{ a { b { c } } }'],
    ['maxDepth', 3, '{ a { b(x: { y: [1] }) } }', '{ a { b(x: [1]) } }'],
    ['maxLiteralDepth', 2, '{ a(x: [[[1]]]) }', '{ a(x: [[1]]) }'],
    ['maxLiteralDepth', 2, '{ a(x: { y: { z: {} } }) }', '{ a(x: { y: [] }) }'],
    ['maxLiteralDepth', 2, 'query ($a: [[[Int]]] = [[[1]]]) { a }', 'query ($a: X = [[]]) { a }'],
    ['maxLiteralDepth', 2, '{ a @b(x: [[[1]]]) }', '{ a @b(x: [[1]]) }'],
    ['maxFields', 3, '{ a { b c } d }', '{ a { b c } }'],
    ['maxFields', 3, '{ a { b c } } query B { d }', '{ a { b } } query B { d }'],
    ['maxFieldsPerSet', 3, '{ a { b c ... { d ...F } } } fragment F on T { e }', '{ a { b c d } }'],
    ['maxRootFields', 3, '{ a b ... { c d } }', '{ a b { c d } }'],
    ['maxAliases', 3, '{ a: b { c: d e: f } g: h }', '{ a: b { c: d e: f } g }'],
    ['maxAliases', 3, '{ a { ...F } b { ...F } } fragment F on T { c: d e: f }', '{ a: b }'],
    ['maxOverlaps', 5, '{ a { b b b b } }', '{ a { b b b c } }'],
    ['maxOverlaps', 5, '{ a { b } a { b } a { b } }', '{ a { b } a { b } a { c } }'],
    [
      'maxOverlaps',
      2,
      '{ ...F ...G ...H } fragment F on T { a } fragment G on T { b } fragment H on T { c }',
      '{ ...F } fragment F on T { a }',
    ],
    ['maxDirectives', 3, 'query @a { b @c @d ... @e { f } }', 'query @a { b @c @d }'],
    ['maxDirectives', 1, 'query ($a: Int @b) { c ...F } fragment F on T @d { e }', '{ a @b }'],
    ['maxDefinitions', 1, '{ ...F } fragment F on T { a }', '{ a }'],
    ['maxVariables', 1, 'query ($a: Int, $b: Int) { c }', 'query ($a: Int) { c }'],
    [
      'maxSchemas',
      1,
      '{ __schema { a } b: __schema { a } }',
      '{ __schema { a } ... { __schema { b } } }',
    ],
    ['maxTypes', 1, '{ ...F a: __type } fragment F on T { __type }', '{ __type }'],
  ])('refuses more than %s %d', (limit, max, more, within) => {
    expect(refusal(more, { [limit]: max })).toContain(`${limit} `);
    expect(refusal(within, { [limit]: max })).toBeUndefined();
  });

  it.each([
    ['selection sets', '{a'],
    ['list literals', '{ a(b: [', '['],
    ['objects', '{ a(b: {c: ', '{c: '],
    ['list types', 'query ($a: [', '['],
  ])('stops at the limit in a hundred thousand of %s', (_, start, again = start) => {
    const text = start + again.repeat(100_000);
    expect(refusal(text, { maxCharacters: 1e7, maxTokens: 1e7 })).toBe('maxNesting 101');
    expect(refusal(text)).toMatch(/^maxCharacters/);
  });

  it.each(['{', '[', '(', ']', '}', ')', '{ a(b: ]', '"""', '"', '\u0000', '#', ''])(
    'calls %j a syntax error, ten thousand of it, too',
    (text) => {
      expect(refusal(text)).toMatch(/^GRAPHQL_PARSE_FAILED: Syntax Error: /);
      expect(refusal(text.repeat(9_000))).toMatch(/^GRAPHQL_PARSE_FAILED|^maxNesting 101/);
    },
  );

  it('follows fragments to the bottom, however they are chained', () => {
    const chain = times(98, (n) => `fragment F${n} on T { ...F${n + 1} }`);
    const end = 'fragment F98 on T { a }';
    expect(refusal(`{ ...F0 } ${chain} ${end}`)).toBeUndefined();
    expect(refusal(`{ ...F0 } fragment F98 on T { ... { ... { a } } } ${chain}`)).toMatch(
      /^maxNesting/,
    );
    expect(refusal(`{ ... { ... { ...F0 } } ...F0 } ${chain} ${end}`)).toMatch(/^maxNesting/);
    expect(refusal(`{ ...F0 ... { ... { ...F0 } } } ${chain} ${end}`)).toMatch(/^maxNesting/);
  });

  it('counts a document that doubles at every step without unfolding it', () => {
    const steps = times(60, (n) => `fragment F${n} on T { a { ...F${n + 1} } b { ...F${n + 1} } }`);
    const limits = { maxDepth: 100, maxNesting: 300 };
    const text = `{ ...F0 } ${steps} fragment F60 on T { c }`;
    expect(refusal(text, limits)).toBe(`maxFields ${Number.MAX_SAFE_INTEGER}`);
  });

  it('refuses fragments within themselves, and names the way', () => {
    const code = 'GRAPHQL_VALIDATION_FAILED: Cannot spread fragment';
    expect(refusal('{ ...A } fragment A on T { a ...A }')).toBe(`${code} "A" within itself.`);
    expect(
      refusal(
        '{ ...A } fragment A on T { a { ...B } } fragment B on T { ...C } fragment C on T { ...A }',
      ),
    ).toBe(`${code} "A" within itself via "B", "C".`);
    expect(refusal('{ b } fragment A on T { a { ...A } }')).toBe(`${code} "A" within itself.`);
  });

  it('counts what no operation uses: rules would see it', () => {
    const overlaps = `a { ${'b '.repeat(300)} }`;
    expect(refusal(`{ a } fragment F on T { ${overlaps} }`)).toMatch(/^maxOverlaps/);
    expect(refusal(`{ a ...F } fragment F on T { ${overlaps} } fragment F on T { a }`)).toMatch(
      /^maxOverlaps/,
    );
  });
});

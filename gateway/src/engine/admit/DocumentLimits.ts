// What a document may be before anything is done with it that costs more than reading it once. Clients
// that people write never come near: the explorer's introspection has 14 levels and 120 tokens.

/** Each is the largest number that is admitted. Fragments count wherever they are spread. */
export interface DocumentLimits {
  /** UTF-16 units of the text, blanks and comments included. @default 100_000 */
  maxCharacters: number;
  /** Of the grammar: names, numbers, strings, punctuation. @default 10_000 */
  maxTokens: number;
  /**
   * Brackets of any kind within one another, and selection sets within one another through fragments.
   * Parsing, validating and planning recurse as deep. @default 100
   */
  maxNesting: number;
  /** Levels of fields, the lists and objects of an argument on top of its field's. @default 25 */
  maxDepth: number;
  /** Lists and objects within one another in one literal. @default 20 */
  maxLiteralDepth: number;
  /** Fields of the whole document. @default 5_000 */
  maxFields: number;
  /** Fields of one selection set, with those of the fragments in it. @default 500 */
  maxFieldsPerSet: number;
  /** Fields at the root of one operation. @default 100 */
  maxRootFields: number;
  /** Aliases of one operation. @default 200 */
  maxAliases: number;
  /**
   * Pairs of fields with one response key at one place, and pairs of fragments spread at one: what
   * validation compares (specification, 5.3.2). @default 20_000
   */
  maxOverlaps: number;
  /** Directives as written. @default 500 */
  maxDirectives: number;
  /** Operations and fragments. @default 200 */
  maxDefinitions: number;
  /** Variables of one operation. @default 200 */
  maxVariables: number;
  /** Response keys under which `__schema` is asked for. @default 1 */
  maxSchemas: number;
  /** Response keys under which `__type` is asked for. @default 10 */
  maxTypes: number;
}

export const defaultDocumentLimits: Readonly<DocumentLimits> = {
  maxCharacters: 100_000,
  maxTokens: 10_000,
  maxNesting: 100,
  maxDepth: 25,
  maxLiteralDepth: 20,
  maxFields: 5_000,
  maxFieldsPerSet: 500,
  maxRootFields: 100,
  maxAliases: 200,
  maxOverlaps: 20_000,
  maxDirectives: 500,
  maxDefinitions: 200,
  maxVariables: 200,
  maxSchemas: 1,
  maxTypes: 10,
};

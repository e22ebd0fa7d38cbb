// Text to a syntax tree, within bounds that hold while it is read: the parser recurses as deep as
// brackets stand in the text, so whoever sends a hundred thousand of them is stopped at the first few.
import {
  type DocumentNode,
  GraphQLError,
  Lexer,
  parse,
  Source,
  type Token,
  TokenKind,
} from 'graphql';
import { admitDocument } from './admitDocument.ts';
import type { DocumentLimits } from './DocumentLimits.ts';
import { OperationError, withCode } from './OperationError.ts';
import { tooLarge } from './tooLarge.ts';

/** Throws OperationError: OPERATION_TOO_LARGE, GRAPHQL_PARSE_FAILED. */
export const readDocument = (text: string, limits: DocumentLimits): DocumentNode => {
  const { maxCharacters } = limits;
  if (text.length > maxCharacters) throw tooLarge('maxCharacters', text.length, maxCharacters);
  const document = parsed(text, limits);
  admitDocument(document, limits);
  return document;
};

const parsed = (text: string, limits: DocumentLimits): DocumentNode => {
  const source = new Source(text);
  try {
    return parse(source, { lexer: new BoundedLexer(source, limits) });
  } catch (cause) {
    if (cause instanceof OperationError) throw cause;
    const error =
      cause instanceof GraphQLError
        ? cause
        : new GraphQLError('The document cannot be parsed.', {
            originalError: cause instanceof Error ? cause : undefined,
          });
    throw new OperationError([withCode(error, 'GRAPHQL_PARSE_FAILED')]);
  }
};

class BoundedLexer extends Lexer {
  readonly #limits: DocumentLimits;
  #tokens = 0;
  #nesting = 0;

  constructor(source: Source, limits: DocumentLimits) {
    super(source);
    this.#limits = limits;
  }

  override advance(): Token {
    const token = super.advance();
    const { maxTokens, maxNesting } = this.#limits;
    if (token.kind !== TokenKind.EOF && ++this.#tokens > maxTokens) {
      throw tooLarge('maxTokens', this.#tokens, maxTokens);
    }
    if (opening.has(token.kind) && ++this.#nesting > maxNesting) {
      throw tooLarge('maxNesting', this.#nesting, maxNesting);
    }
    if (closing.has(token.kind)) this.#nesting--;
    return token;
  }
}

const opening: ReadonlySet<string> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
]);
const closing: ReadonlySet<string> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
]);

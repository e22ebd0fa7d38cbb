// Documents as they are kept. The parser's tokens take as much as the tree and are of no use once it is
// valid: they are let go. What is left of comments, white space and punctuation is the text.
import { type DocumentNode, Kind, type Location, Token, TokenKind } from 'graphql';

/** Of a node with its place in the text and its lists; measured. */
const nodeBytes = 200;

/** In the place of all tokens. */
const none = new Token(TokenKind.SOF, 0, 0, 0, 0);

interface Tree {
  kind?: Kind;
  loc?: { -readonly [Key in keyof Location]: Location[Key] };
  value?: string;
}

/** Changes the document in place. Returns what it takes then, in bytes, with its text. */
export const slimDocument = (document: DocumentNode, query: string): number => {
  let bytes = textBytes(query);
  const left: unknown[] = [document];
  for (let tree = left.pop(); tree !== undefined; tree = left.pop()) {
    const { kind, loc, value } = tree as Tree;
    if (kind !== undefined) bytes += nodeBytes;
    if (loc) {
      loc.startToken = none;
      loc.endToken = none;
    }
    if (kind === Kind.STRING && value && !isPartOfText(value, loc)) bytes += textBytes(value);
    for (const part of Object.values(tree as object)) {
      if (typeof part === 'object' && part !== null && part !== loc) left.push(part);
    }
  }
  return bytes;
};

/** A string without escapes is a part of the text, not a copy. */
const isPartOfText = ({ length }: string, loc: Tree['loc']): boolean =>
  loc !== undefined && loc.end - loc.start === length + 2;

/** A character takes two bytes where one of the text is beyond Latin-1. */
const textBytes = (text: string): number => (beyondLatin1.test(text) ? 2 : 1) * text.length;

const beyondLatin1 = /[^\0-\u00ff]/;

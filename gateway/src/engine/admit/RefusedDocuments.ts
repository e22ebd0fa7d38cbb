// Documents that were refused, with their errors, for as long as one supergraph is served: the same text
// is refused by a look-up. Bounded in bytes, so that nobody fills the memory with what is of no use.
import { hash } from 'node:crypto';
import { GraphQLError, type SourceLocation } from 'graphql';
import { LRUCache } from 'lru-cache';

export interface RefusedDocumentsOptions {
  /** @default 4 MiB */
  maxBytes?: number;
  /** @default 2_000 */
  maxDocuments?: number;
}

/** Longer texts are known by their hash. */
const maxKeyLength = 128;
/** Of an entry, an error and its strings' heads; rough, and rather too much. */
const bytesPerError = 500;

export class RefusedDocuments {
  readonly #errors: LRUCache<string, readonly GraphQLError[]>;

  constructor({ maxBytes = 4 * 1024 * 1024, maxDocuments = 2_000 }: RefusedDocumentsOptions = {}) {
    this.#errors = new LRUCache({
      max: maxDocuments,
      maxSize: maxBytes,
      sizeCalculation: (errors, key) => 2 * key.length + sum(errors.map(bytesOf)) + bytesPerError,
    });
  }

  /** Why it was refused, as far as that is remembered. */
  errorsOf(text: string): readonly GraphQLError[] | undefined {
    return this.#errors.get(keyOf(text));
  }

  /** Errors that are too large to be kept are not. */
  remember(text: string, errors: readonly GraphQLError[]): void {
    this.#errors.set(
      keyOf(text),
      errors.map((error) => new RememberedError(error)),
    );
  }

  get size(): number {
    return this.#errors.size;
  }

  /** Rough bytes that are taken. */
  get bytes(): number {
    return this.#errors.calculatedSize;
  }
}

/** Says what the other says, and holds neither its syntax tree nor its source. */
class RememberedError extends GraphQLError {
  override readonly locations: readonly SourceLocation[] | undefined;

  constructor({ message, path, extensions, locations }: GraphQLError) {
    super(message, { path, extensions });
    this.locations = locations?.map(({ line, column }) => ({ line, column }));
  }
}

const keyOf = (text: string): string =>
  text.length <= maxKeyLength ? text : `sha256 ${hash('sha256', text, 'base64')}`;

const bytesOf = ({ message, extensions, locations = [] }: GraphQLError): number =>
  bytesPerError + 2 * (message.length + JSON.stringify(extensions).length) + 50 * locations.length;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

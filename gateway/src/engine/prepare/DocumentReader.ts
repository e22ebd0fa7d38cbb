// Text to valid documents for one schema. What was refused once is refused again for the price of a
// look-up: a client that retries what cannot succeed, or floods, makes no work.
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { type DocumentLimits, defaultDocumentLimits } from '../admit/DocumentLimits.ts';
import { OperationError } from '../admit/OperationError.ts';
import { RefusedDocuments } from '../admit/RefusedDocuments.ts';
import { readDocument } from '../admit/readDocument.ts';
import { type ValidationOptions, validationErrors } from './validationErrors.ts';

export interface ReaderOptions extends ValidationOptions {
  /** What a document may be; what is left out has its default. */
  limits?: Partial<DocumentLimits> | undefined;
}

export class DocumentReader {
  readonly #schema: GraphQLSchema;
  readonly #options: ReaderOptions;
  readonly #limits: DocumentLimits;
  readonly #refused = new RefusedDocuments();

  constructor(schema: GraphQLSchema, options: ReaderOptions) {
    this.#schema = schema;
    this.#options = options;
    this.#limits = { ...defaultDocumentLimits, ...options.limits };
  }

  /**
   * Throws OperationError: OPERATION_TOO_LARGE, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED or the
   * codes of rules that were given.
   */
  read(text: string, screen?: (document: DocumentNode) => void): DocumentNode {
    /* A host that screens documents looks at one that was refused, too: its errors tell of the schema. */
    const before = screen ? undefined : this.#refused.errorsOf(text);
    if (before) throw new OperationError(before);
    try {
      const document = readDocument(text, this.#limits);
      screen?.(document);
      const errors = validationErrors(this.#schema, document, this.#options);
      if (errors.length > 0) throw new OperationError(errors);
      return document;
    } catch (cause) {
      if (cause instanceof OperationError) this.#refused.remember(text, cause.errors);
      throw cause;
    }
  }

  /** Whether a document that was read for another schema is valid for this one. */
  isValid(document: DocumentNode): boolean {
    return validationErrors(this.#schema, document, this.#options).length === 0;
  }
}

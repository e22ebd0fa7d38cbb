// Text to a valid document, or to errors with codes.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { OperationError, withCode } from './OperationError.ts';

export interface ParseOptions {
  /** Beyond it the document is refused unread. */
  maxTokens?: number | undefined;
  /** Besides those of the specification. */
  validationRules?: readonly ValidationRule[] | undefined;
}

const tokenLimit = /^Syntax Error: Document contains more (?:than|that) \d+ tokens/;

/** Throws OperationError. */
export const parseDocument = (
  schema: GraphQLSchema,
  query: string,
  options: ParseOptions,
): DocumentNode => {
  const document = parsed(query, options.maxTokens);
  const errors = validationErrors(schema, document, options);
  if (errors.length === 0) return document;
  throw new OperationError(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
};

export const isValid = (
  schema: GraphQLSchema,
  document: DocumentNode,
  options: ParseOptions,
): boolean => validationErrors(schema, document, options).length === 0;

const validationErrors = (
  schema: GraphQLSchema,
  document: DocumentNode,
  { validationRules = [] }: ParseOptions,
): readonly GraphQLError[] => validate(schema, document, [...specifiedRules, ...validationRules]);

const parsed = (query: string, maxTokens: number | undefined): DocumentNode => {
  try {
    return parse(query, maxTokens === undefined ? {} : { maxTokens });
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    const code = tokenLimit.test(cause.message) ? 'OPERATION_TOO_LARGE' : 'GRAPHQL_PARSE_FAILED';
    throw new OperationError([withCode(cause, code)]);
  }
};

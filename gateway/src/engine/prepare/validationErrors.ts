// Validation of a document that was admitted: what it finds, and what a rule throws, is the caller's.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { withCode } from '../admit/OperationError.ts';
import { finiteNumbers } from './rules/finiteNumbers.ts';
import { singleSubscriptionField } from './rules/singleSubscriptionField.ts';

export interface ValidationOptions {
  /** Besides those of the specification. */
  validationRules?: readonly ValidationRule[] | undefined;
  /** No names of the schema in errors, for callers that may not introspect it. @default false */
  hideSuggestions?: boolean | undefined;
}

const rules: readonly ValidationRule[] = [
  ...specifiedRules.map((rule) =>
    rule === SingleFieldSubscriptionsRule ? singleSubscriptionField : rule,
  ),
  finiteNumbers,
];

/** More than anyone reads; with suggestions each takes a look at the whole schema. */
const maxErrors = 50;

/** None when the document is valid; each with a code, GRAPHQL_VALIDATION_FAILED unless a rule has its own. */
export const validationErrors = (
  schema: GraphQLSchema,
  document: DocumentNode,
  { validationRules = [], hideSuggestions = false }: ValidationOptions,
): readonly GraphQLError[] => {
  const code = 'GRAPHQL_VALIDATION_FAILED';
  try {
    const options = { maxErrors, hideSuggestions };
    const errors = validate(schema, document, [...rules, ...validationRules], options);
    return errors.map((error) => withCode(error, code));
  } catch (cause) {
    const originalError = cause instanceof Error ? cause : undefined;
    const message = 'The document cannot be validated.';
    return [new GraphQLError(message, { originalError, extensions: { code } })];
  }
};

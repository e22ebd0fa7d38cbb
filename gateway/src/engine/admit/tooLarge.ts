// The error of a document beyond a limit: what was found, what is admitted, what to do.
import { GraphQLError } from 'graphql';
import type { DocumentLimits } from './DocumentLimits.ts';
import { OperationError } from './OperationError.ts';

export type DocumentLimit = keyof DocumentLimits;

const things: Readonly<Record<DocumentLimit, readonly [what: string, todo: string]>> = {
  maxCharacters: ['characters', 'Split it, and send values as variables.'],
  maxTokens: ['tokens', 'Split it, and send values as variables.'],
  maxNesting: ['levels of brackets within one another', 'Ask for less depth.'],
  maxDepth: ['levels of fields, with the values in their arguments', 'Ask for less depth.'],
  maxLiteralDepth: ['levels of lists and objects in one value', 'Send it as a variable.'],
  maxFields: ['fields', 'Split it.'],
  maxFieldsPerSet: ['fields in one selection set', 'Select each field once, or split it.'],
  maxRootFields: ['fields at its root', 'Split it.'],
  maxAliases: ['aliases', 'Split it, or ask for a list.'],
  maxOverlaps: ['pairs of equal fields or of fragments at one place', 'Select each field once.'],
  maxDirectives: ['directives', 'Split it.'],
  maxDefinitions: ['operations and fragments', 'Send only what is to be executed.'],
  maxVariables: ['variables', 'Gather them in input objects.'],
  maxSchemas: ['times `__schema`', 'Ask for it once.'],
  maxTypes: ['times `__type`', 'Split it, or ask for `__schema`.'],
};

/** OPERATION_TOO_LARGE. `found` is what had been counted when counting ended. */
export const tooLarge = (limit: DocumentLimit, found: number, max: number): OperationError => {
  const [what, todo] = things[limit];
  /* Fragments that double at every step make more than a number can say. */
  const count = Number.isSafeInteger(found) ? found : `more than ${Number.MAX_SAFE_INTEGER}`;
  const message = `The operation is too large: it has ${count} ${what}, ${max} are admitted. ${todo}`;
  const extensions = { code: 'OPERATION_TOO_LARGE', limit, max };
  return new OperationError([new GraphQLError(message, { extensions })]);
};

// Refuses operations that cost more to look at than a client has reason to ask: too deep, too many
// aliases, or unfolding to too many fields. Fragments count where they are used.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

export interface OperationLimits {
  maxDepth: number;
  maxAliases: number;
  maxFields: number;
}

interface Size {
  depth: number;
  aliases: number;
  fields: number;
}

/** A validation rule. */
export const operationLimits =
  (limits: OperationLimits) =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const size = sizeOf(node.selectionSet, (name) => context.getFragment(name));
      const problem = problemOf(size, limits);
      if (problem) context.reportError(tooLarge(problem));
      return false;
    },
    FragmentDefinition: () => false,
  });

const tooLarge = (problem: string): GraphQLError =>
  new CrmError('OPERATION_TOO_LARGE', `The operation ${problem}. Split it.`);

const problemOf = (size: Size, limits: OperationLimits): string | undefined => {
  if (size.depth > limits.maxDepth) return `is deeper than ${limits.maxDepth} levels`;
  if (size.aliases > limits.maxAliases) return `has more than ${limits.maxAliases} aliases`;
  if (size.fields > limits.maxFields) return `has more than ${limits.maxFields} fields`;
  return undefined;
};

/** Each fragment is measured once, so a document that doubles at every step costs nothing. */
export const sizeOf = (
  root: SelectionSetNode,
  fragment: (name: string) => FragmentDefinitionNode | null | undefined,
): Size => {
  const measured = new Map<string, Size>();

  const measure = ({ selections }: SelectionSetNode): Size => {
    const total: Size = { depth: 0, aliases: 0, fields: 0 };
    const add = (size: Size, levels: number): void => {
      total.depth = Math.max(total.depth, size.depth + levels);
      total.aliases += size.aliases;
      total.fields += size.fields;
    };
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        total.fields += 1;
        if (selection.alias) total.aliases += 1;
        add(selection.selectionSet ? measure(selection.selectionSet) : nothing, 1);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) add(measure(selection.selectionSet), 0);
      else add(measureFragment(selection.name.value), 0);
    }
    return total;
  };

  const measureFragment = (name: string): Size => {
    const known = measured.get(name);
    if (known) return known;
    /* Stands while its own contents are measured: a cycle ends here, and another rule reports it. */
    measured.set(name, nothing);
    const definition = fragment(name);
    const size = definition ? measure(definition.selectionSet) : nothing;
    measured.set(name, size);
    return size;
  };

  return measure(root);
};

const nothing: Size = { depth: 0, aliases: 0, fields: 0 };

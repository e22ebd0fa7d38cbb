// "Single Root Field" (GraphQL specification, September 2025, 5.2.4.1): a subscription selects one field
// at its root, no introspection, and nothing there is conditional. In place of graphql's own rule, which
// evaluates conditions without variables and throws where one has a variable.
import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { isCondition } from '../../document/conditions.ts';
import { responseKey } from '../../document/responseKey.ts';

/** A validation rule. */
export const singleSubscriptionField = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(operation) {
    if (operation.operation !== 'subscription') return;
    const root = context.getSchema().getSubscriptionType();
    if (!root) return;
    const report = (problem: string, nodes: readonly (FieldNode | SelectionNode)[]): void =>
      context.reportError(new GraphQLError(`${nameOf(operation)} must ${problem}`, { nodes }));

    const { fields, conditional } = selectedAtRoot(context, operation.selectionSet, root.name);
    if (conditional.length > 0) {
      report('not have @skip or @include at its root.', conditional);
    }
    const [, ...others] = fields.values();
    if (others.length > 0) report('select only one top level field.', others.flat());
    for (const nodes of fields.values()) {
      if (!nodes.some(({ name }) => name.value.startsWith('__'))) continue;
      report('not select an introspection top level field.', nodes);
    }
  },
});

const nameOf = ({ name }: OperationDefinitionNode): string =>
  name ? `Subscription "${name.value}"` : 'Anonymous Subscription';

interface Selected {
  /** By response key. */
  fields: ReadonlyMap<string, readonly FieldNode[]>;
  conditional: readonly SelectionNode[];
}

/** CollectSubscriptionFields of the specification: each fragment once, those for the root's type. */
const selectedAtRoot = (
  context: ValidationContext,
  root: SelectionSetNode,
  typeName: string,
): Selected => {
  const fields = new Map<string, FieldNode[]>();
  const conditional: SelectionNode[] = [];
  const spread = new Set<string>();

  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.directives?.some(isCondition)) conditional.push(selection);
      if (selection.kind === Kind.FIELD) {
        const key = responseKey(selection);
        fields.set(key, [...(fields.get(key) ?? []), selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : once(selection.name);
      const condition = fragment?.typeCondition?.name.value ?? typeName;
      if (fragment && condition === typeName) walk(fragment.selectionSet);
    }
  };

  const once = ({ value: name }: { value: string }) => {
    if (spread.has(name)) return undefined;
    spread.add(name);
    return context.getFragment(name);
  };

  walk(root);
  return { fields, conditional };
};

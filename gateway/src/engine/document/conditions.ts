// @skip and @include, the directives that decide whether something is selected at all: which variables
// decide, and what they decide for one request. Shapes are compiled for each outcome that occurs, so
// that no response is shaped with questions open.
import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';

export const isCondition = ({ name }: DirectiveNode): boolean =>
  name.value === 'skip' || name.value === 'include';

/** The variables that conditions of a document read, each once. */
export const conditionVariables = (
  operation: OperationDefinitionNode,
  fragments: Iterable<FragmentDefinitionNode>,
): readonly string[] => {
  const names = new Set<string>();
  for (const definition of [operation, ...fragments]) {
    visit(definition, {
      Directive: (directive) => {
        if (!isCondition(directive)) return;
        for (const { value } of directive.arguments ?? []) {
          if (value.kind === Kind.VARIABLE) names.add(value.name.value);
        }
      },
    });
  }
  return [...names];
};

/** One character per variable. Two requests of the same outcome have responses of one shape. */
export const conditionOutcome = (
  names: readonly string[],
  variables: Readonly<Record<string, unknown>>,
): string => {
  let outcome = '';
  for (const name of names) outcome += variables[name] === true ? '1' : '0';
  return outcome;
};

/** Decides @skip and @include by a request's coerced variables. */
export const isIncludedBy =
  (variables: Readonly<Record<string, unknown>>) =>
  ({ directives = [] }: SelectionNode): boolean =>
    directives.filter(isCondition).every(({ name, arguments: args = [] }) => {
      const value = args.find((argument) => argument.name.value === 'if')?.value;
      const holds =
        value?.kind === Kind.VARIABLE
          ? variables[value.name.value] === true
          : value?.kind === Kind.BOOLEAN && value.value;
      return name.value === 'include' ? holds : !holds;
    });

// What was taken out of a document may have been the last to use a variable: its definition would make
// the document invalid.
import { type DocumentNode, visit } from 'graphql';

export interface UsedVariables {
  /** With the definitions of the variables that it uses. */
  document: DocumentNode;
  /** Their names. */
  variables: ReadonlySet<string>;
}

export const withUsedVariables = (document: DocumentNode): UsedVariables => {
  const variables = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void variables.add(name.value),
  });
  const used = visit(document, {
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? false : null),
  });
  return { document: used, variables };
};

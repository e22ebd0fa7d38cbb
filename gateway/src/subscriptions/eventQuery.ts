// Turns a subscription into the query that resolves one of its events: the same selection, on the
// field that takes an event's cursor. So every selection, whatever subgraphs it crosses, just works.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { Fragments } from '../authorization/guardedFields.ts';

export interface EventQuery {
  /** The text of the query. */
  query: string;
  /** The variable that takes the cursor. */
  cursorVariable: string;
  /** Those of the client's variables that the selection uses. */
  variables: readonly string[];
}

/** `nodes` are the merged nodes of the subscription's one root field. */
export const eventQuery = (
  operation: OperationDefinitionNode,
  fragments: Fragments,
  nodes: readonly FieldNode[],
  queryField: string,
): EventQuery => {
  const [node] = nodes;
  if (!node) throw new TypeError('A subscription has one root field');
  const declared = operation.variableDefinitions ?? [];
  const cursorVariable = freeName(declared);
  const field: FieldNode = {
    kind: Kind.FIELD,
    alias: name(node.alias?.value ?? node.name.value),
    name: name(queryField),
    arguments: [{ kind: Kind.ARGUMENT, name: name('cursor'), value: variable(cursorVariable) }],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []),
    },
  };
  const used = usedBy(field, fragments);
  const kept = declared.filter(({ variable }) => used.variables.has(variable.name.value));
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        ...(operation.name && { name: operation.name }),
        variableDefinitions: [...kept, cursorDefinition(cursorVariable)],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
      },
      ...used.fragments,
    ],
  };
  return {
    query: print(document),
    cursorVariable,
    variables: kept.map(({ variable }) => variable.name.value),
  };
};

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
const variable = (value: string) => ({ kind: Kind.VARIABLE, name: name(value) }) as const;

const cursorDefinition = (of: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: variable(of),
  type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: name('String') } },
});

const freeName = (declared: readonly VariableDefinitionNode[]): string => {
  const taken = new Set(declared.map(({ variable }) => variable.name.value));
  let free = 'eventCursor';
  while (taken.has(free)) free += '_';
  return free;
};

/** The variables and fragments that a field uses, directly or through fragments. */
const usedBy = (field: FieldNode, fragments: Fragments) => {
  const variables = new Set<string>();
  const found = new Map<string, FragmentDefinitionNode>();
  const look = (node: FieldNode | FragmentDefinitionNode): void => {
    visit(node, {
      Variable: (used) => {
        variables.add(used.name.value);
      },
      FragmentSpread: (spread) => {
        const fragment = fragments.get(spread.name.value);
        if (!fragment || found.has(spread.name.value)) return;
        found.set(spread.name.value, fragment);
        look(fragment);
      },
    });
  };
  look(field);
  return { variables, fragments: [...found.values()] };
};

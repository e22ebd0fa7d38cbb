// Turns a subscription into its twin, the query that says what there is to say: the same selection on
// the field that takes an event's cursor, or a list's state. So the query planner plans it and the
// engine executes it, whatever subgraphs the selection crosses.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parseType,
  print,
  type SelectionNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { Fragments } from '../../engine/document/fragments.ts';

export interface Twin {
  /** The text of the query. */
  query: string;
  /** The response key of its one field. */
  responseKey: string;
  /** Those of the client's variables that it uses. */
  variables: readonly string[];
  /** The variables that the gateway gives it, by argument. */
  given: Readonly<Record<string, string>>;
  /** The response key of the state, which the client has not asked for. */
  stateKey: string;
}

export interface TwinOptions {
  operation: OperationDefinitionNode;
  fragments: Fragments;
  /** The merged nodes of the subscription's one root field. */
  nodes: readonly FieldNode[];
  /** The field of Query. */
  field: string;
  /** `list`: it takes the subscription's arguments, too, and has a state. */
  kind: 'events' | 'list';
}

/** Types of the arguments that the gateway gives. */
const givenArguments = {
  events: { cursor: 'String!' },
  list: { state: 'String', touched: '[ID!]', through: 'String' },
};

export const twinQuery = ({ operation, fragments, nodes, field, kind }: TwinOptions): Twin => {
  const [node] = nodes;
  if (!node) throw new TypeError('A subscription has one root field');
  const declared = operation.variableDefinitions ?? [];
  const taken = new Set(declared.map(({ variable }) => variable.name.value));
  const given = Object.entries(givenArguments[kind]).map(([argument, type]) => ({
    argument,
    type,
    name: freeName(argument, taken),
  }));
  const responseKey = node.alias?.value ?? node.name.value;
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const stateKey = freeName('state', responseKeys(selections, fragments));
  const root: FieldNode = {
    kind: Kind.FIELD,
    alias: name(responseKey),
    name: name(field),
    arguments: [
      ...(kind === 'list' ? (node.arguments ?? []) : []),
      ...given.map(({ argument, name: variableName }) => ({
        kind: Kind.ARGUMENT as const,
        name: name(argument),
        value: variable(variableName),
      })),
    ],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: kind === 'list' ? [...selections, stateField(stateKey)] : selections,
    },
  };
  const used = usedBy(root, fragments);
  const kept = declared.filter(({ variable }) => used.variables.has(variable.name.value));
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        ...(operation.name && { name: operation.name }),
        variableDefinitions: [...kept, ...given.map(definition)],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
      },
      ...used.fragments,
    ],
  };
  return {
    query: print(document),
    responseKey,
    variables: kept.map(({ variable }) => variable.name.value),
    given: Object.fromEntries(given.map(({ argument, name }) => [argument, name])),
    stateKey,
  };
};

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
const variable = (value: string) => ({ kind: Kind.VARIABLE, name: name(value) }) as const;

const stateField = (key: string): FieldNode => ({
  kind: Kind.FIELD,
  ...(key !== 'state' && { alias: name(key) }),
  name: name('state'),
});

const definition = (of: { name: string; type: string }): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: variable(of.name),
  type: parseType(of.type, { noLocation: true }),
});

/** A name that nobody has taken. */
const freeName = (wanted: string, taken: ReadonlySet<string>): string =>
  taken.has(wanted) ? freeName(`${wanted}_`, taken) : wanted;

/** All that may stand beside each other in the response, at least. */
const responseKeys = (
  selections: readonly SelectionNode[],
  fragments: Fragments,
): ReadonlySet<string> => {
  const keys = new Set<string>();
  const look = (node: SelectionNode | FragmentDefinitionNode, seen: ReadonlySet<string>): void => {
    visit(node, {
      Field: (field) => {
        keys.add(field.alias?.value ?? field.name.value);
      },
      FragmentSpread: ({ name: { value } }) => {
        const fragment = fragments.get(value);
        if (fragment && !seen.has(value)) look(fragment, new Set([...seen, value]));
      },
    });
  };
  for (const selection of selections) look(selection, new Set());
  return keys;
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

// A representation holds one value per field name. Where the fields of a fetch require different ones,
// `price(currency: "USD")` and `price(currency: "EUR")`, each is fetched with the value it requires.
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import { contestedPaths, withoutContested } from './contestedPaths.ts';
import type { Requirements } from './Requirements.ts';

/** Fields that one representation serves. */
interface Group {
  fields: Set<FieldNode>;
  types: Set<string | undefined>;
  paths: Set<string>;
}

/** The fetch as it is, or the fetches to be done in its place. */
export const splitFetch = (
  requirements: Requirements,
  fetch: FetchNode,
): readonly [FetchNode, ...FetchNode[]] => {
  const { requires } = fetch;
  if (!requires || contestedPaths(requirements, requires).size === 0) return [fetch];
  const document = parse(fetch.operation, { noLocation: true });
  const [first, ...more] = groupsOf(requirements, fetch.serviceName, requires, document);
  if (!first) return [fetch];
  const partOf = ({ fields, types, paths }: Group): FetchNode => {
    const part = withFields(document, fields);
    const used = variablesIn(part);
    return {
      ...fetch,
      operation: stripIgnoredCharacters(print(withVariables(part, used))),
      variableUsages: fetch.variableUsages?.filter((name) => used.has(name)),
      requires: withoutContested(requirements, requires, paths).filter(
        (one) =>
          one.kind === 'Field' ||
          [...types].some((type) => requirements.overlap(type, one.typeCondition)),
      ),
    };
  };
  return [partOf(first), ...more.map(partOf)];
};

/** Each field goes to the first group that requires nothing else by the same name. */
const groupsOf = (
  requirements: Requirements,
  subgraph: string,
  requires: readonly QueryPlanSelectionNode[],
  document: DocumentNode,
): Group[] => {
  const groups: Group[] = [];
  const clashes = (paths: ReadonlySet<string>): boolean =>
    contestedPaths(requirements, withoutContested(requirements, requires, paths)).size > 0;
  for (const { field, type } of entityFields(document)) {
    const paths = requirements.pathsOf(subgraph, type, field.name.value);
    let group = groups.find(
      (one) => paths.length === 0 || !clashes(one.paths.union(new Set(paths))),
    );
    if (!group) {
      group = { fields: new Set(), types: new Set(), paths: new Set() };
      groups.push(group);
    }
    group.fields.add(field);
    group.types.add(type);
    for (const path of paths) group.paths.add(path);
  }
  return groups;
};

interface EntityField {
  field: FieldNode;
  type: string | undefined;
}

const entityFields = ({ definitions }: DocumentNode): EntityField[] =>
  definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((root) =>
          root.kind === Kind.FIELD && root.selectionSet
            ? fieldsIn(root.selectionSet, undefined)
            : [],
        )
      : [],
  );

const fieldsIn = ({ selections }: SelectionSetNode, type: string | undefined): EntityField[] =>
  selections.flatMap((selection): EntityField[] => {
    if (selection.kind === Kind.FIELD) return [{ field: selection, type }];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    return fieldsIn(selection.selectionSet, selection.typeCondition?.name.value ?? type);
  });

/** The operation with these of the entities' fields, and no others. */
const withFields = (document: DocumentNode, fields: ReadonlySet<FieldNode>): DocumentNode =>
  visit(document, {
    Field: (field) => {
      if (field.name.value === '_entities') return undefined;
      return fields.has(field) ? false : null;
    },
    InlineFragment: {
      leave: ({ selectionSet }) => (selectionSet.selections.length === 0 ? null : undefined),
    },
  });

const variablesIn = (document: DocumentNode): ReadonlySet<string> => {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      used.add(name.value);
    },
  });
  return used;
};

const withVariables = (document: DocumentNode, used: ReadonlySet<string>): DocumentNode =>
  visit(document, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? false : null),
  });

// The fields by which subgraphs are joined: plans select them besides what a client asks for.
import { type DocumentNode, Kind, visit } from 'graphql';
import { parseFieldSet } from './fieldSet.ts';

export interface JoinFields {
  /**
   * Of the fields that a plan fetches of its own accord, without arguments or under a name that stands
   * for them: those of @key and @requires, at any depth, and __typename.
   */
  names: readonly string[];
  /** What the fields are called that go by another name in plans and data: separateRequired. */
  ownNames: ReadonlyMap<string, string>;
}

/** Arguments of join__type and join__field that hold a field set. */
const fieldSetArguments = new Set(['key', 'requires']);

/** `supergraph` is the one that plans are made for. */
export const joinFieldsOf = (
  supergraph: DocumentNode,
  ownNames: JoinFields['ownNames'] = new Map(),
): JoinFields => {
  const names = new Set(['__typename']);
  for (const fieldSet of fieldSetsOf(supergraph)) {
    visit(parseFieldSet(fieldSet), { Field: ({ name }) => void names.add(name.value) });
  }
  return { names: [...names], ownNames };
};

const fieldSetsOf = (supergraph: DocumentNode): Set<string> => {
  const fieldSets = new Set<string>();
  visit(supergraph, {
    Directive: ({ name, arguments: values = [] }) => {
      if (name.value !== 'join__type' && name.value !== 'join__field') return;
      for (const { name: argument, value } of values) {
        if (value.kind !== Kind.STRING || !fieldSetArguments.has(argument.value)) continue;
        fieldSets.add(value.value);
      }
    },
  });
  return fieldSets;
};

// The fields by which subgraphs are joined: plans select them besides what a client asks for.
import { type DocumentNode, Kind, parse, visit } from 'graphql';

/**
 * Names of the fields that a plan fetches of its own accord: those of @key and @requires, at any depth,
 * and __typename.
 */
export interface JoinFields {
  /** Selected as they are. */
  bare: readonly string[];
  /** Selected with arguments by some @requires. */
  withArguments: readonly string[];
}

/** Arguments of join__type and join__field that hold a field set. */
const fieldSetArguments = new Set(['key', 'requires']);

export const joinFieldsOf = (supergraph: DocumentNode): JoinFields => {
  const bare = new Set(['__typename']);
  const withArguments = new Set<string>();
  for (const fieldSet of fieldSetsOf(supergraph)) {
    visit(parse(`{${fieldSet}}`, { noLocation: true }), {
      Field: ({ name, arguments: values }) => {
        (values?.length ? withArguments : bare).add(name.value);
      },
    });
  }
  return { bare: [...bare], withArguments: [...withArguments] };
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

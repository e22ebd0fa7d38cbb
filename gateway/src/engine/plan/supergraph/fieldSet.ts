// Field sets as they stand in a supergraph's directives: a selection set without its braces.
import { Kind, parse, print, type SelectionSetNode, stripIgnoredCharacters } from 'graphql';

/** Throws GraphQLError where it is none. */
export const parseFieldSet = (text: string): SelectionSetNode => {
  const [definition] = parse(`{${text}}`, { noLocation: true }).definitions;
  if (definition?.kind === Kind.OPERATION_DEFINITION) return definition.selectionSet;
  throw new TypeError(`Not a field set: ${text}`);
};

export const printFieldSet = (set: SelectionSetNode): string =>
  stripIgnoredCharacters(print(set)).slice(1, -1);

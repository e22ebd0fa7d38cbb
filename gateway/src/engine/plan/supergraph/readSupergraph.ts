// A supergraph's SDL as the planner is to see it, and what the engine has to know of it.
import { Supergraph } from '@apollo/federation-internals';
import { type DefinitionNode, type DirectiveNode, type DocumentNode, Kind, parse } from 'graphql';
import type { Subtypes } from '../../compile/isOfType.ts';
import { type JoinFields, joinFieldsOf } from './joinFields.ts';
import { separateRequired } from './separateRequired.ts';
import { hasFields } from './typesWithFields.ts';

export interface ReadSupergraph {
  /** As it was composed. */
  supergraph: Supergraph;
  /** What plans are made for: the same, or one in which required fields have names of their own. */
  planned: Supergraph;
  /** The document of `planned`. */
  document: DocumentNode;
  subtypes: Subtypes;
  joinFields: JoinFields;
}

/** Throws GraphQLError, or an aggregate of them, when the supergraph is invalid. */
export const readSupergraph = (sdl: string): ReadSupergraph => {
  const composed = parse(sdl, { noLocation: true });
  const definitions = composed.definitions.map(resolvableKeysFirst);
  const document = { ...composed, definitions };
  const supergraph = Supergraph.build(document, { validateSupergraph: true });
  const subtypes = subtypesOf(document);
  const separated = separateRequired(document);
  if (!separated) {
    return {
      supergraph,
      planned: supergraph,
      document,
      subtypes,
      joinFields: joinFieldsOf(document),
    };
  }
  /* Reading the subgraphs validates them. What was written here is not valid in one respect: fields
     that are external for a @requires only are not required by it any more. */
  supergraph.subgraphs();
  return {
    supergraph,
    planned: Supergraph.build(separated.document, { validateSupergraph: false }),
    document: separated.document,
    subtypes,
    joinFields: joinFieldsOf(separated.document, separated.ownNames),
  };
};

/**
 * For a field that @requires others of its own subgraph's entity, the planner comes back to the
 * subgraph with the first key that is there, be it `resolvable: false`: so the resolvable ones go first.
 */
const resolvableKeysFirst = (definition: DefinitionNode): DefinitionNode => {
  if (!hasFields(definition) || !definition.directives) return definition;
  const last = definition.directives.filter(isUnresolvable);
  const first = definition.directives.filter((directive) => !last.includes(directive));
  return { ...definition, directives: [...first, ...last] };
};

const isUnresolvable = (directive: DirectiveNode): boolean =>
  directive.name.value === 'join__type' &&
  (directive.arguments ?? []).some(
    ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
  );

const subtypesOf = ({ definitions }: DocumentNode): Subtypes => {
  const subtypes = new Map<string, string[]>();
  const add = (supertype: string, subtype: string): void => {
    const known = subtypes.get(supertype);
    if (known) known.push(subtype);
    else subtypes.set(supertype, [subtype]);
  };
  for (const definition of definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const { name } of definition.types ?? []) add(definition.name.value, name.value);
    } else if (hasFields(definition)) {
      for (const { name } of definition.interfaces ?? []) add(name.value, definition.name.value);
    }
  }
  return Object.fromEntries(subtypes);
};

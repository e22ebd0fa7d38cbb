// A supergraph's SDL as the planner is to see it, and what the engine has to know of it.
import { Supergraph } from '@apollo/federation-internals';
import { type DefinitionNode, type DirectiveNode, type DocumentNode, Kind, parse } from 'graphql';
import { type JoinFields, joinFieldsOf } from './joinFields.ts';

export interface ReadSupergraph {
  supergraph: Supergraph;
  /** By name of an interface or union, the types and interfaces it has. */
  subtypes: Record<string, string[]>;
  joinFields: JoinFields;
}

/** Throws GraphQLError, or an aggregate of them, when the supergraph is invalid. */
export const readSupergraph = (sdl: string): ReadSupergraph => {
  const document = parse(sdl, { noLocation: true });
  const definitions = document.definitions.map(resolvableKeysFirst);
  return {
    supergraph: Supergraph.build({ ...document, definitions }, { validateSupergraph: true }),
    subtypes: subtypesOf(document),
    joinFields: joinFieldsOf(document),
  };
};

/**
 * For a field that @requires others of its own subgraph's entity, the planner comes back to the
 * subgraph with the first key that is there, be it `resolvable: false`: so the resolvable ones go first.
 */
const resolvableKeysFirst = (definition: DefinitionNode): DefinitionNode => {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || !definition.directives) return definition;
  const last = definition.directives.filter(isUnresolvable);
  const first = definition.directives.filter((directive) => !last.includes(directive));
  return { ...definition, directives: [...first, ...last] };
};

const isUnresolvable = (directive: DirectiveNode): boolean =>
  directive.name.value === 'join__type' &&
  (directive.arguments ?? []).some(
    ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
  );

const subtypesOf = ({ definitions }: DocumentNode): Record<string, string[]> => {
  const subtypes: Record<string, string[]> = {};
  const add = (supertype: string, subtype: string): void => {
    subtypes[supertype] ??= [];
    subtypes[supertype].push(subtype);
  };
  for (const definition of definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const { name } of definition.types ?? []) add(definition.name.value, name.value);
    }
    if (
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    ) {
      for (const { name } of definition.interfaces ?? []) add(name.value, definition.name.value);
    }
  }
  return subtypes;
};

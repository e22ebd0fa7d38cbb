// A supergraph's SDL as the planner is to see it, and what the engine has to know of it.
import { Supergraph } from '@apollo/federation-internals';
import {
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';
import type { Subtypes } from '../compile/isOfType.ts';
import { type JoinFields, joinFieldsOf } from './joinFields.ts';

export interface ReadSupergraph {
  supergraph: Supergraph;
  subtypes: Subtypes;
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

const hasFields = (
  definition: DefinitionNode,
): definition is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
  definition.kind === Kind.INTERFACE_TYPE_DEFINITION;

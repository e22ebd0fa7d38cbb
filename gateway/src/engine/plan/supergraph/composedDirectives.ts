// Directives for operations that came into the supergraph by @composeDirective. The planner's API schema
// drops them with all that is linked, so operations that use them would be refused. Clients may use them;
// subgraphs are not sent them, since one need not have what another composed, nor with the same defaults.
import type { Schema } from '@apollo/federation-internals';
import {
  type ConstDirectiveNode,
  type DirectiveDefinitionNode,
  DirectiveLocation,
  type DocumentNode,
  Kind,
  print,
  type TypeNode,
  visit,
} from 'graphql';

export interface ComposedDirectives {
  names: ReadonlySet<string>;
  /** Definitions for the API. */
  sdl: string;
}

const executableLocations: ReadonlySet<string> = new Set([
  DirectiveLocation.QUERY,
  DirectiveLocation.MUTATION,
  DirectiveLocation.SUBSCRIPTION,
  DirectiveLocation.FIELD,
  DirectiveLocation.FRAGMENT_DEFINITION,
  DirectiveLocation.FRAGMENT_SPREAD,
  DirectiveLocation.INLINE_FRAGMENT,
  DirectiveLocation.VARIABLE_DEFINITION,
]);

/** They promise what is not done here. */
const unsupported: ReadonlySet<string> = new Set(['defer', 'stream']);

/** Those of the supergraph that its API schema lacks, and whose arguments clients can write. */
export const composedDirectives = (supergraph: DocumentNode, api: Schema): ComposedDirectives => {
  const definitions = supergraph.definitions.flatMap((definition): DirectiveDefinitionNode[] => {
    if (definition.kind !== Kind.DIRECTIVE_DEFINITION) return [];
    const name = definition.name.value;
    const locations = definition.locations.filter(({ value }) => executableLocations.has(value));
    if (locations.length === 0 || unsupported.has(name) || api.directive(name)) return [];
    const { arguments: declared = [] } = definition;
    /* A type of the linked specification itself is not in the API. */
    if (!declared.every(({ type }) => api.type(nameOf(type)))) return [];
    const told = declared.map((argument) => ({
      ...argument,
      directives: argument.directives?.filter(isDeprecated),
    }));
    return [{ ...definition, locations, arguments: told }];
  });
  return {
    names: new Set(definitions.map(({ name }) => name.value)),
    sdl: definitions.map(print).join('\n\n'),
  };
};

/** The document without uses of these directives, as the planner is to see it. */
export const withoutDirectives = (
  names: ComposedDirectives['names'],
  document: DocumentNode,
): DocumentNode =>
  names.size === 0
    ? document
    : visit(document, { Directive: ({ name }) => (names.has(name.value) ? null : undefined) });

const isDeprecated = ({ name }: ConstDirectiveNode): boolean => name.value === 'deprecated';

const nameOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);

// What a supergraph says of a field in one subgraph: its @join__field.
import { type DirectiveNode, type FieldDefinitionNode, Kind } from 'graphql';

export interface JoinField {
  /** Of the enum join__Graph. Undefined when the field comes from no subgraph. */
  graph: string | undefined;
  /** The field set of @requires. */
  requires: string | undefined;
  /** The field's type in the subgraph, where it is another than in the supergraph. */
  type: string | undefined;
}

/** Undefined when the directive is another. */
export const joinField = (directive: DirectiveNode): JoinField | undefined => {
  if (directive.name.value !== 'join__field') return undefined;
  const value = (argument: string): string | undefined => {
    const given = directive.arguments?.find(({ name }) => name.value === argument)?.value;
    return given?.kind === Kind.STRING || given?.kind === Kind.ENUM ? given.value : undefined;
  };
  return { graph: value('graph'), requires: value('requires'), type: value('type') };
};

export const joinFieldsOn = ({ directives = [] }: FieldDefinitionNode): JoinField[] =>
  directives.flatMap((directive) => joinField(directive) ?? []);

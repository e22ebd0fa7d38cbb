// What a supergraph says of a type or a field in its subgraphs: the arguments of @join__type, @join__field.
import { type DirectiveNode, Kind } from 'graphql';

export interface JoinArguments {
  /** Of the enum join__Graph. Undefined when the field comes from no subgraph. */
  graph: string | undefined;
  /** A field set, of @join__type. */
  key: string | undefined;
  /** A field set, of @join__field. */
  requires: string | undefined;
  /** The field's type in the subgraph, where it is another than in the supergraph. */
  type: string | undefined;
}

/** Those of the directives that have the name. */
export const joinArguments = (
  name: 'join__type' | 'join__field',
  directives: readonly DirectiveNode[] = [],
): JoinArguments[] =>
  directives
    .filter((directive) => directive.name.value === name)
    .map((directive) => {
      const value = (argument: string): string | undefined => {
        const given = directive.arguments?.find((one) => one.name.value === argument)?.value;
        return given?.kind === Kind.STRING || given?.kind === Kind.ENUM ? given.value : undefined;
      };
      return {
        graph: value('graph'),
        key: value('key'),
        requires: value('requires'),
        type: value('type'),
      };
    });

// A union's types that a fetch does not ask for, though its subgraph may return them.
import { isUnionType, type Subgraph } from '@apollo/federation-internals';
import { type InlineFragmentNode, Kind, type SelectionNode } from 'graphql';
import type { AskedPlace } from './AskedPlace.ts';
import { localSelections } from './localSelections.ts';

export interface UnionPlace {
  subgraph: Subgraph;
  /** The union's name. */
  union: string;
  /** What the fetch selects of it. */
  selections: readonly SelectionNode[];
  /** What the client asks of it. */
  asked: AskedPlace;
}

export interface MissingMembers {
  /** One for each type that is missing, with what the subgraph answers by itself. */
  fragments: readonly InlineFragmentNode[];
  /** The variables in them. */
  variables: readonly string[];
}

export const missingMembers = (place: UnionPlace): MissingMembers => {
  const { subgraph, selections, asked } = place;
  const union = subgraph.schema.type(place.union);
  if (!union || !isUnionType(union)) return { fragments: [], variables: [] };
  const present = new Set(selections.map(conditionOf));
  const missing = union
    .types()
    .filter(({ name }) => !present.has(name))
    .map(({ name }) => ({ name, ...localSelections(subgraph, name, asked) }))
    .filter((local) => local.selections.length > 0);
  return {
    fragments: missing.map((local) => fragmentOn(local.name, local.selections)),
    variables: missing.flatMap(({ variables }) => variables),
  };
};

const conditionOf = (selection: SelectionNode): string | undefined =>
  selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;

const fragmentOn = (value: string, selections: readonly SelectionNode[]): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value } },
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});

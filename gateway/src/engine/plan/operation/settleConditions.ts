// Prepares @skip and @include for the planner, which loses fields of which nothing is left. What is never
// let in, by itself or by what it stands under, is left out; and where variables may leave out all that
// is selected of an object, its type's name is asked for besides.
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { isCondition } from '../../document/conditions.ts';
import { type Fragments, fragmentsOf } from '../../document/fragments.ts';

/** The key of a type's name that nobody asked for. By its own the planner makes it a part of a field. */
export const addedTypename = '__typename__added';

/**
 * Uses of fragments under a condition that are settled by it. Fragments within fragments can stand at
 * more places than anyone wants to visit.
 */
const maxSpread = 1000;

/** Of what a selection stands under. */
interface Conditions {
  isConditional: boolean;
  /** The values that variables have wherever the selection is let in. */
  known: ReadonlyMap<string, boolean>;
}

/** The document itself where nothing is conditional. */
export const settleConditions = (document: DocumentNode): DocumentNode => {
  let isConditional = false;
  visit(document, {
    Directive: (directive) => {
      if (isCondition(directive)) isConditional = true;
    },
  });
  if (!isConditional) return document;
  const fragments = fragmentsOf(document);
  const hasSure = sureSelections(fragments);
  let spread = 0;

  const settledSet = (set: SelectionSetNode, above: Conditions): SelectionSetNode => {
    const selections = set.selections.flatMap((selection) => settledSelection(selection, above));
    return { ...set, selections: selections.length > 0 ? selections : [typename] };
  };

  const settledSelection = (selection: SelectionNode, above: Conditions): SelectionNode[] => {
    const settled = settledDirectives(selection.directives, above.known);
    if (!settled) return [];
    const { directives, known } = settled;
    const below = { isConditional: above.isConditional || directives.some(isCondition), known };
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = known.size > 0 ? fragments.get(selection.name.value) : undefined;
      if (!fragment || spread++ >= maxSpread) return [{ ...selection, directives }];
      const { typeCondition, selectionSet } = fragment;
      const set = settledSet(selectionSet, below);
      return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: set }];
    }
    if (!selection.selectionSet) return [{ ...selection, directives }];
    const set = settledSet(selection.selectionSet, below);
    const isComplete =
      selection.kind === Kind.INLINE_FRAGMENT || !below.isConditional || hasSure(set);
    const selections = isComplete ? set.selections : [renamedTypename, ...set.selections];
    return [{ ...selection, directives, selectionSet: { ...set, selections } }];
  };

  const definitions = document.definitions.map((definition) => {
    if (!('selectionSet' in definition)) return definition;
    /* A fragment may stand under any condition. */
    const above = { isConditional: definition.kind === Kind.FRAGMENT_DEFINITION, known: new Map() };
    return { ...definition, selectionSet: settledSet(definition.selectionSet, above) };
  });
  return { ...document, definitions };
};

/** Without constants, and what variables are where these let something in; undefined if they never do. */
const settledDirectives = (
  given: readonly DirectiveNode[] = [],
  above: ReadonlyMap<string, boolean>,
) => {
  const known = new Map(above);
  const directives: DirectiveNode[] = [];
  for (const directive of given) {
    const value = isCondition(directive) ? directive.arguments?.[0]?.value : undefined;
    const wanted = directive.name.value === 'include';
    const name = value?.kind === Kind.VARIABLE ? value.name.value : undefined;
    const is = value?.kind === Kind.BOOLEAN ? value.value : known.get(name ?? '');
    if (value && is !== undefined && is !== wanted) return undefined;
    if (name !== undefined) known.set(name, wanted);
    if (value?.kind !== Kind.BOOLEAN) directives.push(directive);
  }
  return { directives, known };
};

/** Tells whether something of a set is selected whatever the variables are. */
const sureSelections = (fragments: Fragments) => {
  const known = new Map<string, boolean>();
  const isSure = (selection: SelectionNode): boolean => {
    if (selection.directives?.some(isCondition)) return false;
    if (selection.kind === Kind.FIELD) return true;
    if (selection.kind === Kind.INLINE_FRAGMENT) return hasSure(selection.selectionSet);
    const name = selection.name.value;
    const fragment = fragments.get(name);
    const sure = known.get(name) ?? (!fragment || hasSure(fragment.selectionSet));
    known.set(name, sure);
    return sure;
  };
  const hasSure = ({ selections }: SelectionSetNode): boolean => selections.some(isSure);
  return hasSure;
};

const typename: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};

const renamedTypename: FieldNode = {
  ...typename,
  alias: { kind: Kind.NAME, value: addedTypename },
};

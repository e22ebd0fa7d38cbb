// Gives each field that a @requires selects with arguments a name of its own, in the supergraph that
// the planner sees. By its own name it would meet the same field with other arguments, a client's or
// another @requires', and the planner keeps only one of two selections with one key.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { selectedBy } from '../../document/responseKey.ts';
import { parseFieldSet, printFieldSet } from './fieldSet.ts';
import { joinArguments } from './joinArguments.ts';
import { fieldOf, hasFields, typesSharing, typesWithFields } from './typesWithFields.ts';

export interface SeparatedSupergraph {
  document: DocumentNode;
  /** The fields' own names by the names given: `price__required0` is `price`. */
  ownNames: ReadonlyMap<string, string>;
}

/** Part of all names given. */
export const separateMark = '__required';

/** Undefined when no @requires has arguments. The document is that of a valid supergraph. */
export const separateRequired = (document: DocumentNode): SeparatedSupergraph | undefined => {
  const types = typesWithFields(document);
  const fieldNames = new Set(
    [...types.values()].flatMap(({ fields = [] }) => fields.map(({ name }) => name.value)),
  );
  const ownNames = new Map<string, string>();
  /** By what is selected. */
  const clones = new Map<string, string>();
  /** By type: the names of its new fields. */
  const additions = new Map<string, Set<string>>();

  const cloneOf = (parent: string, field: FieldNode): string => {
    const selected = selectedBy(field);
    const own = field.name.value;
    const name = clones.get(selected) ?? newName(own);
    clones.set(selected, name);
    ownNames.set(name, own);
    for (const type of typesSharing(types, parent, own)) {
      additions.set(type, (additions.get(type) ?? new Set()).add(name));
    }
    return name;
  };

  const newName = (own: string): string => {
    let number = 0;
    while (fieldNames.has(`${own}${separateMark}${number}`)) number++;
    const name = `${own}${separateMark}${number}`;
    fieldNames.add(name);
    return name;
  };

  /** A field set of one subgraph, with the new names. */
  const separated = (set: SelectionSetNode, parent: string, graph: string): SelectionSetNode => {
    const separatedSelection = (selection: SelectionNode): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition?.name.value ?? parent;
        return { ...selection, selectionSet: separated(selection.selectionSet, type, graph) };
      }
      const definition = fieldOf(types.get(parent), selection.name.value);
      if (!definition) return selection;
      const { selectionSet } = selection;
      return {
        ...selection,
        ...(selection.arguments?.length && {
          name: { kind: Kind.NAME, value: cloneOf(parent, selection) },
        }),
        ...(selectionSet && {
          selectionSet: separated(selectionSet, typeIn(graph, definition), graph),
        }),
      };
    };
    return { ...set, selections: set.selections.map(separatedSelection) };
  };

  const withSeparated = (directive: ConstDirectiveNode, type: string): ConstDirectiveNode => {
    const [{ graph, requires } = {}] = joinArguments('join__field', [directive]);
    /* Most field sets have no arguments: they stay as they are. */
    if (graph === undefined || !requires?.includes('(')) return directive;
    const value = printFieldSet(separated(parseFieldSet(requires), type, graph));
    return {
      ...directive,
      arguments: directive.arguments?.map((argument) =>
        argument.name.value === 'requires'
          ? { ...argument, value: { kind: Kind.STRING, value } }
          : argument,
      ),
    };
  };

  const rewritten = document.definitions.map((definition) => {
    if (!hasFields(definition)) return definition;
    const fields = definition.fields?.map((field) => ({
      ...field,
      directives: field.directives?.map((one) => withSeparated(one, definition.name.value)),
    }));
    return { ...definition, fields };
  });
  if (clones.size === 0) return undefined;
  const definitions = rewritten.map((definition) => {
    const added = hasFields(definition) ? additions.get(definition.name.value) : undefined;
    if (!added || !hasFields(definition)) return definition;
    const fields = [...added].flatMap((value) => {
      const own = fieldOf(definition, ownNames.get(value) ?? value);
      return own ? [{ ...own, name: { kind: Kind.NAME, value } as const }] : [];
    });
    return { ...definition, fields: [...(definition.fields ?? []), ...fields] };
  });
  return { document: { ...document, definitions }, ownNames };
};

/** The name of the type that a field has in a subgraph. */
const typeIn = (graph: string, field: FieldDefinitionNode): string => {
  const told = joinArguments('join__field', field.directives).find(
    (one) => one.graph === graph,
  )?.type;
  if (told !== undefined) return told.replaceAll(/[[\]!]/g, '');
  let { type } = field;
  while (type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type.name.value;
};

// The fields that a fetch asks of its entities, and the fetch with some of them.
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';

export interface EntityField {
  field: FieldNode;
  /** Of the entities that are asked, as far as the operation tells. */
  type: string | undefined;
  /** The directives that decide whether it is asked for; '' when it always is. */
  condition: string;
}

export const entityFields = ({ definitions }: DocumentNode): EntityField[] =>
  definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((root) =>
          root.kind === Kind.FIELD && root.selectionSet
            ? fieldsIn(root.selectionSet, undefined, '')
            : [],
        )
      : [],
  );

const fieldsIn = (
  { selections }: SelectionSetNode,
  type: string | undefined,
  above: string,
): EntityField[] =>
  selections.flatMap((selection): EntityField[] => {
    const condition = above + (selection.directives ?? []).map(print).join('');
    if (selection.kind === Kind.FIELD) return [{ field: selection, type, condition }];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const narrowed = selection.typeCondition?.name.value ?? type;
    return fieldsIn(selection.selectionSet, narrowed, condition);
  });

/** The operation with these of the entities' fields and no others. */
export const withEntityFields = (
  document: DocumentNode,
  fields: ReadonlySet<FieldNode>,
): DocumentNode =>
  visit(document, {
    Field: (field) => {
      if (field.name.value === '_entities') return undefined;
      return fields.has(field) ? false : null;
    },
    InlineFragment: {
      leave: ({ selectionSet }) => (selectionSet.selections.length === 0 ? null : undefined),
    },
  });

// A fetch for fields that were taken out of another, with what they require.
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type FieldNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { withOperation } from '../fetches/withOperation.ts';
import { parseFieldSet } from '../supergraph/fieldSet.ts';
import type { Requirements } from '../supergraph/Requirements.ts';
import type { UnmetField } from './takeUnmet.ts';

/** The fields are of one type and require the same. */
export const requiringFetch = (
  schema: GraphQLSchema,
  requirements: Requirements,
  fetch: FetchNode,
  fields: readonly [UnmetField, ...UnmetField[]],
): FetchNode => {
  const [{ type, isOfEntity, key, requires }] = fields;
  const selection = fragment(type, fields.map(underConditions));
  const document = parse(fetch.operation, { noLocation: true });
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? entitiesOperation(definition, selection)
      : definition,
  );
  const required = selectionNodes(requires);
  const isKey = (one: QueryPlanSelectionNode): boolean =>
    one.kind === 'Field' &&
    (one.name === '__typename' || requirements.isKey(fetch.serviceName, one.name));
  const given = isOfEntity ? fetch.requires : undefined;
  const requiring = given?.flatMap((one) =>
    one.kind === 'InlineFragment' && requirements.overlap(type, one.typeCondition)
      ? [{ ...one, selections: [...one.selections.filter(isKey), ...required] }]
      : [],
  );
  const typename = selectionNodes(parseFieldSet('__typename'));
  const own: QueryPlanSelectionNode = {
    kind: 'InlineFragment',
    typeCondition: type,
    selections: [...typename, ...selectionNodes(key), ...required],
  };
  /* An interface object is called by its interface, whatever type it is known to be of. */
  const isInterfaceObject = isAbstractType(schema.getType(type));
  const outputRewrites = fields.flatMap(({ rewrites }) => rewrites);
  const { outputRewrites: _, inputRewrites, ...base } = fetch;
  return {
    ...withOperation(
      { ...base, variableUsages: fetch.variableUsages },
      { ...document, definitions },
    ),
    operationKind: OperationTypeNode.QUERY,
    requires: requiring ?? [own],
    ...(outputRewrites.length > 0 && { outputRewrites }),
    ...(requiring && inputRewrites && { inputRewrites }),
    ...(!requiring &&
      isInterfaceObject && {
        inputRewrites: [
          { kind: 'ValueSetter', path: [`... on ${type}`, '__typename'], setValueTo: type },
        ],
      }),
  };
};

const entitiesOperation = (
  { name, directives = [], variableDefinitions = [] }: OperationDefinitionNode,
  selection: SelectionNode,
): OperationDefinitionNode => {
  const [entities] = parse(
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { a } }',
    { noLocation: true },
  ).definitions as [OperationDefinitionNode];
  const [root] = entities.selectionSet.selections as readonly [FieldNode];
  const others = variableDefinitions.filter(
    ({ variable }) => variable.name.value !== 'representations',
  );
  return {
    ...entities,
    ...(name && { name }),
    directives,
    variableDefinitions: [...(entities.variableDefinitions ?? []), ...others],
    selectionSet: setOf([{ ...root, selectionSet: setOf([selection]) }]),
  };
};

const underConditions = ({ field, conditions }: UnmetField): SelectionNode =>
  conditions.reduceRight<SelectionNode>(
    (selection, directive) => ({
      kind: Kind.INLINE_FRAGMENT,
      directives: [directive],
      selectionSet: setOf([selection]),
    }),
    field,
  );

const fragment = (value: string, selections: readonly SelectionNode[]): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value } },
  selectionSet: setOf(selections),
});

const setOf = (selections: readonly SelectionNode[]): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections,
});

/** A field set as a plan has it. */
const selectionNodes = ({ selections }: SelectionSetNode): QueryPlanSelectionNode[] =>
  selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const inner = selectionNodes(selection.selectionSet);
      if (condition === undefined) return inner;
      return [{ kind: 'InlineFragment', typeCondition: condition, selections: inner }];
    }
    const { name, selectionSet } = selection;
    const inner = selectionSet && selectionNodes(selectionSet);
    return [{ kind: 'Field', name: name.value, ...(inner && { selections: inner }) }];
  });

// One operation of a valid document, with what every phase asks of it.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { CostDirectives } from '../cost/CostDirectives.ts';
import { type Fragments, fragmentsOf } from '../document/fragments.ts';
import { DataKeys } from '../plan/operation/DataKeys.ts';
import type { JoinFields } from '../plan/supergraph/joinFields.ts';
import { OperationError } from './OperationError.ts';

/** What the operations of one supergraph share. */
export interface OperationContext {
  /** The API's. */
  schema: GraphQLSchema;
  joinFields: JoinFields;
  costs: CostDirectives;
  /** Types and enum values that clients do not see: `Type`, `Enum.VALUE`. */
  hidden: ReadonlySet<string>;
}

export interface ValidOperation extends OperationContext {
  document: DocumentNode;
  node: OperationDefinitionNode;
  root: GraphQLObjectType;
  fragments: Fragments;
  /** Where fields have other keys in fetched data than in the response; usually nowhere. */
  dataKeys: DataKeys | undefined;
}

/** Throws OPERATION_RESOLUTION_FAILURE when the document has no such operation. */
export const validOperation = (
  context: OperationContext,
  document: DocumentNode,
  operationName: string | undefined,
): ValidOperation => {
  const { schema, joinFields } = context;
  const node = getOperationAST(document, operationName);
  const root = node && schema.getRootType(node.operation);
  if (!root) {
    const message = operationName
      ? `Unknown operation named "${operationName}".`
      : 'Must provide operation name if query contains multiple operations.';
    const extensions = { code: 'OPERATION_RESOLUTION_FAILURE' };
    throw new OperationError([new GraphQLError(message, { extensions })]);
  }
  const dataKeys = DataKeys.of(document, joinFields);
  return { ...context, document, node, root, fragments: fragmentsOf(document), dataKeys };
};

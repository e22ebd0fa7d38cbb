// One operation of a valid document, with what every phase asks of it.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { DataKeys } from '../plan/DataKeys.ts';
import type { JoinFields } from '../plan/joinFields.ts';
import type { Fragments } from '../shape/collectFields.ts';
import { OperationError } from './OperationError.ts';

export interface ValidOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  node: OperationDefinitionNode;
  root: GraphQLObjectType;
  fragments: Fragments;
  /** Where fields have other keys in fetched data than in the response; usually nowhere. */
  dataKeys: DataKeys | undefined;
}

/** Throws OPERATION_RESOLUTION_FAILURE when the document has no such operation. */
export const validOperation = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  joinFields: JoinFields,
): ValidOperation => {
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
  return { schema, document, node, root, fragments: fragmentsOf(document), dataKeys };
};

const fragmentsOf = (document: DocumentNode): Fragments =>
  new Map(
    document.definitions.flatMap((definition): [string, FragmentDefinitionNode][] =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );

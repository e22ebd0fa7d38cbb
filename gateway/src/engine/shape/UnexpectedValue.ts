// A value in fetched data that the API's schema does not allow there: the field error of section
// 6.4.3 of the GraphQL specification. Where a subgraph's own error explains it, that one is reported.
import { type ASTNode, GraphQLError } from 'graphql';
import type { ResponsePath } from './Path.ts';

export interface UnexpectedValueOptions {
  /** Of the field, `Deal.owner`. */
  coordinate: string;
  message: string;
  path: ResponsePath;
  nodes?: readonly ASTNode[] | undefined;
  /** Null where null is not allowed; else a value of another type. */
  isNull: boolean;
}

export class UnexpectedValue extends GraphQLError {
  readonly fieldCoordinate: string;
  readonly isNull: boolean;

  constructor({ coordinate, message, path, nodes, isNull }: UnexpectedValueOptions) {
    super(message, { nodes, path, extensions: { code: 'UNEXPECTED_SUBGRAPH_VALUE' } });
    this.name = 'UnexpectedValue';
    this.fieldCoordinate = coordinate;
    this.isNull = isNull;
  }
}

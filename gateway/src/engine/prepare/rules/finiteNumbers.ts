// A number that no number type can hold, as 1e400: graphql reads it as infinity, which has no text in
// JSON or GraphQL, so that it would fail far from where it was written.
import {
  type ASTVisitor,
  type FloatValueNode,
  GraphQLError,
  type IntValueNode,
  type ValidationContext,
} from 'graphql';

/** A validation rule for literals of all types, wherever they stand. */
export const finiteNumbers = (context: ValidationContext): ASTVisitor => {
  const check = (node: IntValueNode | FloatValueNode): void => {
    if (Number.isFinite(Number(node.value))) return;
    const written = node.value.length > 50 ? `${node.value.slice(0, 50)}…` : node.value;
    context.reportError(
      new GraphQLError(`The number ${written} is too large for any type.`, { nodes: node }),
    );
  };
  return { IntValue: check, FloatValue: check };
};

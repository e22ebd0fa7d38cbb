// The result of an execution as a response. As with Apollo Server, the status is 200 where the
// operation was executed, even if data is null, and 400 where its variables were refused.
import type { GraphQLError } from 'graphql';
import type { ExecutionResult } from '../engine/execute/ExecutionRequest.ts';
import type { Answer } from './Answer.ts';

/** `type` is the content type of the answer. */
export const resultAnswer = (result: ExecutionResult, type: string): Answer => {
  const { errors, data, extensions } = result;
  const body = JSON.stringify({ errors: errors?.map(coded), data, extensions });
  return { status: data === undefined ? 400 : 200, type, body };
};

/** Each error has a code; what a subgraph sent without one gets the least telling. */
const coded = (error: GraphQLError): unknown =>
  error.extensions['code'] === undefined
    ? { ...error.toJSON(), extensions: { ...error.extensions, code: 'INTERNAL_SERVER_ERROR' } }
    : error;

// A subgraph's answer, checked for what GraphQL says a response is (specification, 7.1).
import { SubgraphError } from '../transport/SubgraphError.ts';

export interface SubgraphResponse {
  data?: object | null;
  errors?: readonly SubgraphResponseError[];
  extensions?: Readonly<Record<string, unknown>>;
}

/** As received: anything may be missing or of another type. */
export interface SubgraphResponseError {
  message?: unknown;
  path?: unknown;
  extensions?: unknown;
}

/** Throws SUBGRAPH_RESPONSE_INVALID. */
export const readResponse = (subgraph: string, text: string): SubgraphResponse => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw invalidResponse(subgraph, cause);
  }
  if (isResponse(body)) return body;
  throw invalidResponse(subgraph, text.slice(0, 200));
};

export const invalidResponse = (subgraph: string, cause: unknown): SubgraphError =>
  new SubgraphError({
    subgraph,
    code: 'SUBGRAPH_RESPONSE_INVALID',
    message: `The subgraph "${subgraph}" gave an answer that is not a GraphQL response.`,
    cause,
  });

const isResponse = (body: unknown): body is SubgraphResponse => {
  if (!isObject(body)) return false;
  const { data, errors } = body as { data?: unknown; errors?: unknown };
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return false;
  if (data === undefined) return Array.isArray(errors) && errors.length > 0;
  return data === null || isObject(data);
};

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

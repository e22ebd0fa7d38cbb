// The parameters of a GraphQL request, whatever brought them: a body, a query string, a socket's message
// (GraphQL over HTTP, 5 Request).
import { CrmError } from '@crm-graph/shared/errors/CrmError';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface GraphRequest {
  query: string;
  /** Never empty. */
  operationName: string | undefined;
  variables: JsonObject | undefined;
  extensions: JsonObject | undefined;
}

/** Of what came by HTTP. Throws BAD_REQUEST, or PERSISTED_QUERY_NOT_SUPPORTED for a hash alone. */
export const graphRequestOf = (parameters: unknown): GraphRequest => {
  if (Array.isArray(parameters)) throw badRequest('Batches of operations are not supported.');
  if (!isMap(parameters)) throw badRequest('Send a GraphQL request: a JSON object with a `query`.');
  const { query, extensions } = parameters;
  if (!query && isMap(extensions) && 'persistedQuery' in extensions) {
    /* With this code and status 200 Apollo's clients send the whole query instead. */
    throw new CrmError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
  }
  const request = checkedRequest(parameters);
  if (request.query === '') throw badRequest('`query` must not be empty.');
  return request;
};

/** Each of its type. Throws BAD_REQUEST. */
export const checkedRequest = (parameters: JsonObject): GraphRequest => {
  const { query, operationName, variables, extensions } = parameters;
  if (typeof query !== 'string') throw badRequest('`query` must be a string.');
  if (operationName != null && typeof operationName !== 'string') {
    throw badRequest('`operationName` must be a string.');
  }
  if (variables != null && !isMap(variables)) throw badRequest('`variables` must be an object.');
  if (extensions != null && !isMap(extensions)) throw badRequest('`extensions` must be an object.');
  return {
    query,
    operationName: operationName || undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
};

/** Of a body in UTF-8. Throws as `graphRequestOf`. */
export const requestOfBody = (body: string): GraphRequest =>
  graphRequestOf(json(body, 'The body is not valid JSON.'));

/** Of what follows the question mark of a URL. Throws as `graphRequestOf`. */
export const requestOfSearch = (search: string): GraphRequest => {
  const given = new URLSearchParams(search);
  for (const name of ['query', 'operationName', 'variables', 'extensions']) {
    if (given.getAll(name).length > 1) throw badRequest(`\`${name}\` is given more than once.`);
  }
  const jsonOf = (name: string): unknown => {
    const text = given.get(name);
    return text === null ? undefined : json(text, `\`${name}\` is not valid JSON.`);
  };
  return graphRequestOf({
    query: given.get('query'),
    operationName: given.get('operationName'),
    variables: jsonOf('variables'),
    extensions: jsonOf('extensions'),
  });
};

export const isMap = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with it is not told or logged: the parser's message would show a piece of it. */
const json = (text: string, message: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(message);
  }
};

const badRequest = (message: string): CrmError => new CrmError('BAD_REQUEST', message);

// The parameters of a GraphQL request, from the body of a POST or the query string of a GET.
import { badRequest, HttpError } from './HttpError.ts';

export interface GraphRequest {
  query: string;
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>> | undefined;
}

type Parameters = Readonly<Record<string, unknown>>;

/** Throws HttpError. */
export const requestOfBody = (body: string): GraphRequest => {
  const parameters = parsed(body, 'The body is not valid JSON.');
  if (Array.isArray(parameters)) throw badRequest('Batches of operations are not supported.');
  if (!isMap(parameters)) throw badRequest('The body must be a JSON object with a `query`.');
  return checked(parameters);
};

/** Of what follows the question mark. Throws HttpError. */
export const requestOfSearch = (search: string): GraphRequest => {
  const given = new URLSearchParams(search);
  for (const name of ['query', 'operationName', 'variables', 'extensions']) {
    if (given.getAll(name).length > 1) throw badRequest(`\`${name}\` is given more than once.`);
  }
  const json = (name: string): unknown => {
    const text = given.get(name);
    return text === null ? undefined : parsed(text, `\`${name}\` is not valid JSON.`);
  };
  return checked({
    query: given.get('query'),
    operationName: given.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
};

/** What may be left out may also be null. */
const checked = ({ query, operationName, variables, extensions }: Parameters): GraphRequest => {
  if (extensions !== undefined && extensions !== null && !isMap(extensions)) {
    throw badRequest('`extensions` must be an object.');
  }
  if (!query && extensions && 'persistedQuery' in extensions) throw noPersistedQueries();
  if (typeof query !== 'string') throw badRequest('`query` must be a string.');
  if (query === '') throw badRequest('`query` must not be empty.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw badRequest('`operationName` must be a string.');
  }
  if (variables !== undefined && variables !== null && !isMap(variables)) {
    throw badRequest('`variables` must be an object.');
  }
  return { query, operationName: operationName || undefined, variables: variables ?? undefined };
};

const isMap = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string, message: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(message);
  }
};

/** With this code and status 200 Apollo's clients send the whole query instead. */
const noPersistedQueries = (): HttpError =>
  new HttpError({
    status: 200,
    code: 'PERSISTED_QUERY_NOT_SUPPORTED',
    message: 'PersistedQueryNotSupported',
  });

// What tests use of the running graph: its URLs, a GraphQL call, and an organization of their own.
import { readFileSync } from 'node:fs';
import type { Ready } from '../deploy/local/summary.ts';

let known: Ready | undefined;

/** URLs, ports and secrets of the graph that globalSetup started. */
export function stack(): Ready {
  const file = process.env['CRM_TEST_READY_FILE'];
  if (!file) throw new Error('No graph is running for the tests (CRM_TEST_STACK=none?)');
  known ??= JSON.parse(readFileSync(file, 'utf8')) as Ready;
  return known;
}

export interface GraphQLAnswer<T> {
  status: number;
  headers: Headers;
  data?: T | null;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions?: { code?: string; [name: string]: unknown };
  }[];
  extensions?: Record<string, unknown>;
}

export interface CallOptions {
  token?: string;
  apiKey?: string;
  headers?: Record<string, string>;
  /** Another endpoint than the gateway's, such as a subgraph's. */
  url?: string;
  operationName?: string;
}

/** Sends an operation to the gateway; errors are part of the answer. */
export async function graphql<T = Record<string, unknown>>(
  query: string,
  variables: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<GraphQLAnswer<T>> {
  const { token, apiKey, headers, url = stack().graphUrl, operationName } = options;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(apiKey && { 'x-api-key': apiKey }),
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const text = await response.text();
  try {
    return { status: response.status, headers: response.headers, ...JSON.parse(text) };
  } catch {
    throw new Error(`The answer is not JSON (${response.status}): ${text.slice(0, 500)}`);
  }
}

/** As `graphql`, but an answer with errors fails the test: returns the data. */
export async function dataOf<T>(
  query: string,
  variables: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<T> {
  const { data, errors } = await graphql<T>(query, variables, options);
  if (errors || !data) throw new Error(`Errors in the answer: ${JSON.stringify(errors, null, 2)}`);
  return data;
}

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** Logs in; the demo's people are in `stack().demo`. */
export async function login(email: string, password = 'demo-password'): Promise<Tokens> {
  const answer = await dataOf<{ login: Tokens }>(
    'mutation Login($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }',
    { input: { email, password } },
  );
  return answer.login;
}

export interface NewOrganization extends Tokens {
  email: string;
  password: string;
  /** The access token of its administrator. */
  token: string;
}

let organizations = 0;

/** Signs up an organization that no other test sees; its administrator's token comes with it. */
export async function newOrganization(name = 'Test'): Promise<NewOrganization> {
  organizations += 1;
  const email = `admin-${process.pid}-${Date.now()}-${organizations}@test.example`;
  const password = 'a-long-test-password';
  const input = { organizationName: `${name} ${organizations}`, name: 'Admin', email, password };
  const { signUp } = await dataOf<{ signUp: Tokens }>(
    'mutation SignUp($input: SignUpInput!) { signUp(input: $input) { accessToken refreshToken } }',
    { input },
  );
  return { ...signUp, token: signUp.accessToken, email, password };
}

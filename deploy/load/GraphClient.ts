// A GraphQL client for the loaders: one request at a time over keep-alive HTTP, sent again with the
// same body (and so the same idempotency key) when the connection or a subgraph fails.
import { setTimeout as sleep } from 'node:timers/promises';

export interface GraphClientOptions {
  /** Address of the graph, for example http://localhost:4000/graphql. */
  url: string;
  /** How often a request is sent before giving up. @default 8 */
  attempts?: number;
  /** First pause before a request is sent again, doubled each time. @default 200 */
  retryDelayMs?: number;
  /** Longest wait for one answer; a bulk of 1,000 needs seconds on a slow machine. @default 120000 */
  timeoutMs?: number;
}

interface GraphErrorBody {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string };
}

interface GraphResponse<Data> {
  data?: Data | null;
  errors?: GraphErrorBody[];
}

export interface Credentials {
  email: string;
  password: string;
}

/** Codes that say that nothing is wrong with the request and that it may be sent again. */
const retryableCodes = new Set(['SUBGRAPH_UNAVAILABLE', 'TIMEOUT']);

/** The graph answered with errors; `code` is that of the first one. */
export class GraphRequestError extends Error {
  readonly code: string;

  constructor(errors: GraphErrorBody[], url: string) {
    const lines = errors.map((error) => {
      const path = error.path === undefined ? '' : ` (at ${error.path.join('.')})`;
      return `${error.extensions?.code ?? 'ERROR'}: ${error.message}${path}`;
    });
    super(`${url} answered: ${lines.join('; ')}`);
    this.name = 'GraphRequestError';
    this.code = errors[0]?.extensions?.code ?? 'ERROR';
  }
}

/** The graph could not be reached, or not in time. */
export class GraphUnreachableError extends Error {
  constructor(url: string, attempts: number, cause: unknown) {
    super(`${url} gave no answer after ${attempts} attempts`, { cause });
    this.name = 'GraphUnreachableError';
  }
}

export class GraphClient {
  readonly url: string;
  private readonly attempts: number;
  private readonly retryDelayMs: number;
  private readonly timeoutMs: number;
  private credentials: Credentials | undefined;
  private accessToken: string | undefined;

  constructor(options: GraphClientOptions) {
    this.url = options.url;
    this.attempts = options.attempts ?? 8;
    this.retryDelayMs = options.retryDelayMs ?? 200;
    this.timeoutMs = options.timeoutMs ?? 120_000;
  }

  /** Logs in; the credentials are kept to log in again when the access token runs out. */
  async login(credentials: Credentials): Promise<void> {
    const document = 'mutation Login($input: LoginInput!) { login(input: $input) { accessToken } }';
    const { login } = await this.send<{ login: { accessToken: string } }>(
      document,
      { input: { ...credentials } },
      undefined,
    );
    this.accessToken = login.accessToken;
    this.credentials = credentials;
  }

  /** Runs one operation; errors of the graph are thrown as GraphRequestError. */
  async request<Data>(document: string, variables: Record<string, unknown> = {}): Promise<Data> {
    try {
      return await this.send<Data>(document, variables, this.accessToken);
    } catch (error) {
      const expired = error instanceof GraphRequestError && error.code === 'UNAUTHENTICATED';
      if (!expired || this.credentials === undefined) throw error;
      await this.login(this.credentials);
      return this.send<Data>(document, variables, this.accessToken);
    }
  }

  private async send<Data>(
    document: string,
    variables: Record<string, unknown>,
    token: string | undefined,
  ): Promise<Data> {
    const body = JSON.stringify({ query: document, variables });
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    let cause: unknown;
    for (let attempt = 0; attempt < this.attempts; attempt += 1) {
      if (attempt > 0) await sleep(Math.min(this.retryDelayMs * 2 ** (attempt - 1), 5_000));
      let answer: GraphResponse<Data>;
      try {
        const signal = AbortSignal.timeout(this.timeoutMs);
        const response = await fetch(this.url, { method: 'POST', headers, body, signal });
        answer = (await response.json()) as GraphResponse<Data>;
      } catch (error) {
        // Refused, reset, timed out, or a proxy's page instead of JSON.
        cause = error;
        continue;
      }
      const { errors } = answer;
      if (errors === undefined || errors.length === 0) return answer.data as Data;
      cause = new GraphRequestError(errors, this.url);
      if (!errors.some((error) => retryableCodes.has(error.extensions?.code ?? ''))) throw cause;
    }
    if (cause instanceof GraphRequestError) throw cause;
    throw new GraphUnreachableError(this.url, this.attempts, cause);
  }
}

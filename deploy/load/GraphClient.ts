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
    const reason = cause instanceof Error ? reasonOf(cause) : String(cause);
    super(`${url} gave no answer after ${attempts} attempts: ${reason}`, { cause });
    this.name = 'GraphUnreachableError';
  }
}

/** What is at the address is no graph. */
export class NotAGraphError extends Error {
  constructor(url: string, status: number) {
    super(`${url} answered with status ${status} and no JSON: is it the address of the graph?`);
    this.name = 'NotAGraphError';
  }
}

/** fetch hides what happened (connection refused, reset) in its error's cause. */
function reasonOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  return 'code' in cause ? String(cause.code) : cause.message;
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
      let status: number;
      let text: string;
      try {
        const signal = AbortSignal.timeout(this.timeoutMs);
        const response = await fetch(this.url, { method: 'POST', headers, body, signal });
        status = response.status;
        text = await response.text();
      } catch (error) {
        cause = error;
        continue;
      }
      const answer = readAnswer<Data>(text);
      if (answer === undefined) {
        cause = new NotAGraphError(this.url, status);
        // A proxy whose graph is away answers 5xx with a page of its own.
        if (status < 500) throw cause;
        continue;
      }
      const { errors } = answer;
      if (errors === undefined || errors.length === 0) return answer.data as Data;
      cause = new GraphRequestError(errors, this.url);
      if (!errors.some((error) => retryableCodes.has(error.extensions?.code ?? ''))) throw cause;
    }
    if (cause instanceof GraphRequestError || cause instanceof NotAGraphError) throw cause;
    throw new GraphUnreachableError(this.url, this.attempts, cause);
  }
}

/** Undefined if it is no JSON. */
function readAnswer<Data>(text: string): GraphResponse<Data> | undefined {
  try {
    return JSON.parse(text) as GraphResponse<Data>;
  } catch {
    return undefined;
  }
}

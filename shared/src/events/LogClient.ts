// Reads a subgraph's event log over HTTP (see eventRoutes), with a time limit and retries.
import { fetch } from 'undici';
import { CrmError } from '../errors/CrmError.ts';
import { type ErrorCode, errorEntryOf } from '../errors/errorCodes.ts';
import { backoff } from './backoff.ts';
import type { LogHead, LogPage } from './LogEvent.ts';

export interface LogClientOptions {
  /** Base URL of the subgraph, as in DEALS_URL. */
  url: string;
  /** The bearer token of each attempt: the caller's, or a service token for one organization. */
  token: () => string | Promise<string>;
  /** Of one attempt. @default 5000 */
  timeoutMs?: number;
  /** Further attempts when the subgraph is away or answers 5xx. @default 3 */
  retries?: number;
}

/** The most events a page may hold. */
export const maxPageEvents = 1_000;

export class LogClient {
  readonly #options: Required<LogClientOptions>;

  constructor(options: LogClientOptions) {
    this.#options = { timeoutMs: 5_000, retries: 3, ...options };
  }

  /** The events after a position of the token's organization. CURSOR_EXPIRED, INVALID_CURSOR. */
  read(after: number, first = maxPageEvents, signal?: AbortSignal): Promise<LogPage> {
    return this.#get<LogPage>(`/events?after=${after}&first=${first}`, signal);
  }

  /**
   * As `read`, and of what is no longer kept the last event of every record that still exists: to make a state
   * anew, from 0. For service tokens.
   */
  readCompacted(
    after: number,
    first = maxPageEvents,
    signal?: AbortSignal,
  ): Promise<Required<LogPage>> {
    return this.#get(`/events?after=${after}&first=${first}&compacted=true`, signal);
  }

  /** The last position of the token's organization. */
  async head(signal?: AbortSignal): Promise<number> {
    return (await this.#get<LogPage>('/events', signal)).head;
  }

  /** The last positions of all organizations; for service tokens. */
  async heads(signal?: AbortSignal): Promise<LogHead[]> {
    return (await this.#get<{ heads: LogHead[] }>('/events/heads', signal)).heads;
  }

  async #get<T>(path: string, signal?: AbortSignal): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        return await this.#attempt<T>(path, signal);
      } catch (error) {
        const lasting = error instanceof CrmError && error.status < 500;
        if (lasting || failures >= this.#options.retries || signal?.aborted) throw error;
        await backoff(failures, signal);
      }
    }
  }

  async #attempt<T>(path: string, signal?: AbortSignal): Promise<T> {
    const { url, token, timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const authorization = `Bearer ${await token()}`;
    try {
      const response = await fetch(new URL(path, url), {
        headers: { authorization },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const body = await response.json();
      if (response.ok) return body as T;
      throw errorOf(response.status, body);
    } catch (cause) {
      if (cause instanceof CrmError) throw cause;
      throw new CrmError('SUBGRAPH_UNAVAILABLE', 'The event log did not answer.', { cause });
    }
  }
}

function errorOf(status: number, body: unknown): CrmError {
  const [first] = (body as { errors?: ErrorBody[] } | null)?.errors ?? [];
  const { code, ...extensions } = first?.extensions ?? {};
  const known = errorEntryOf(code) !== undefined;
  return new CrmError(
    known ? (code as ErrorCode) : 'SUBGRAPH_UNAVAILABLE',
    first?.message ?? `The event log answered with status ${status}.`,
    { extensions },
  );
}

interface ErrorBody {
  message?: string;
  extensions?: Record<string, unknown>;
}

// A supergraph behind a URL, asked for now and then; an ETag saves the transfer of what is known.
import { Agent, type Dispatcher, interceptors, request } from 'undici';
import type { SupergraphReader } from './SupergraphReader.ts';
import { SupergraphUnavailable } from './SupergraphUnavailable.ts';

export interface SupergraphUrlOptions {
  /** Milliseconds between requests, give or take a tenth. @default 10_000 */
  pollIntervalMs?: number | undefined;
  /** Milliseconds for one request, the body included. @default 10_000 */
  timeoutMs?: number | undefined;
  /** Of the SDL. @default 64 MiB */
  maxBytes?: number | undefined;
  /** Sent with every request, for authorization; but not on to another origin. */
  headers?: Readonly<Record<string, string>> | undefined;
}

const maxRedirections = 3;
/** Gateways that were started together do not ask together. */
const jitter = 0.1;

export class SupergraphUrl implements SupergraphReader {
  readonly place: string;
  readonly #url: URL;
  readonly #agent = new Agent({ connections: 1, allowH2: false });
  readonly #dispatcher: Dispatcher;
  readonly #pollIntervalMs: number;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  readonly #headers: Readonly<Record<string, string>>;
  #etag: string | undefined;
  #poll: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(url: string, options: SupergraphUrlOptions) {
    this.#url = new URL(url);
    /* Credentials and tokens are in the parts that are left out. */
    this.place = this.#url.origin + this.#url.pathname;
    this.#dispatcher = this.#agent.compose(
      interceptors.redirect({
        maxRedirections,
        stripHeadersOnCrossOriginRedirect: Object.keys(options.headers ?? {}),
      }),
    );
    this.#pollIntervalMs = options.pollIntervalMs ?? 10_000;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
    this.#headers = { accept: '*/*', ...options.headers };
  }

  async read(signal: AbortSignal): Promise<string | undefined> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      return await this.#fetch(AbortSignal.any([signal, timeout]));
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof SupergraphUnavailable) throw cause;
      const reason = timeout.aborted
        ? `did not come within ${this.#timeoutMs} ms`
        : `cannot be fetched: ${Error.isError(cause) ? cause.message : String(cause)}`;
      throw new SupergraphUnavailable(this.place, reason, { cause });
    }
  }

  async #fetch(signal: AbortSignal): Promise<string | undefined> {
    const { statusCode, headers, body } = await request(this.#url, {
      dispatcher: this.#dispatcher,
      headers: { ...this.#headers, ...(this.#etag && { 'if-none-match': this.#etag }) },
      signal,
    });
    if (statusCode !== 200) {
      await body.dump();
      if (statusCode === 304 && this.#etag) return undefined;
      throw new SupergraphUnavailable(this.place, `was answered with status ${statusCode}`);
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > this.#maxBytes) {
        throw new SupergraphUnavailable(this.place, `has more than ${this.#maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    if (text.trim() === '') throw new SupergraphUnavailable(this.place, 'is empty');
    this.#etag = typeof headers['etag'] === 'string' ? headers['etag'] : undefined;
    return text;
  }

  watch(mayHaveChanged: () => void): void {
    if (this.#disposed) return;
    const waitMs = this.#pollIntervalMs * (1 + jitter * (2 * Math.random() - 1));
    this.#poll = setTimeout(() => {
      mayHaveChanged();
      this.watch(mayHaveChanged);
    }, waitMs).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#poll);
    await this.#agent.destroy();
  }
}

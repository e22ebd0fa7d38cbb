// Makes one signed request to an endpoint and says what came of it; never throws for what an endpoint
// or a network can do.
import { request } from 'undici';
import { ForbiddenAddressError, guardedAgent, type Resolve } from './guardedAgent.ts';
import { type Message, signedHeaders } from './signMessage.ts';

export interface WebhookSenderOptions {
  allowLoopback: boolean;
  /** For all of it: name, connection, request and answer. @default 10000 */
  timeoutMs?: number;
  /** The addresses of a name. @default by DNS */
  resolve?: Resolve;
}

export interface Attempt {
  attemptedAt: Date;
  /** Null: there was no answer. */
  statusCode: number | null;
  latencyMs: number;
  /** Null: the answer came in full. */
  error: string | null;
}

/** Answers are not looked at; so much of one is read, so that its connection can be used again. */
const maxAnswerBytes = 64 * 1024;

export const isSuccess = ({ statusCode, error }: Attempt): boolean =>
  error === null && statusCode !== null && statusCode >= 200 && statusCode < 300;

export class WebhookSender implements AsyncDisposable {
  readonly #timeoutMs: number;
  readonly #agent: ReturnType<typeof guardedAgent>;

  constructor({ timeoutMs = 10_000, ...options }: WebhookSenderOptions) {
    this.#timeoutMs = timeoutMs;
    this.#agent = guardedAgent({ ...options, timeoutMs });
  }

  async send(
    url: string,
    message: Message,
    secrets: readonly Buffer[],
    signal?: AbortSignal,
  ): Promise<Attempt> {
    const attemptedAt = new Date();
    const since = performance.now();
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    let statusCode: number | null = null;
    let error: string | null = null;
    try {
      // Redirects are not followed: undici does so only when told to.
      const answer = await request(url, {
        method: 'POST',
        headers: signedHeaders(message, secrets, attemptedAt),
        body: message.body,
        dispatcher: this.#agent,
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
      });
      statusCode = answer.statusCode;
      let bytes = 0;
      for await (const chunk of answer.body) {
        bytes += (chunk as Buffer).length;
        if (bytes > maxAnswerBytes) break;
      }
    } catch (cause) {
      error = timeout.aborted
        ? `No full answer within ${this.#timeoutMs / 1000} s.`
        : problemOf(cause);
    }
    return { attemptedAt, statusCode, latencyMs: Math.round(performance.now() - since), error };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Says no more than the customer can know: no address of ours, no path. */
function problemOf(cause: unknown): string {
  if (cause instanceof ForbiddenAddressError) return cause.message;
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? `The request failed: ${code}.` : 'The request failed.';
}

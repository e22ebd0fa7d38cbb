// A host of the socket's protocol whose every step happens when a test says so: credentials are checked, streams are
// joined and operations executed by promises that the test settles.

import type { JsonObject } from '@crm-graph/gateway/edge/graphRequest';
import { runOperation } from '@crm-graph/gateway/edge/socket/runOperation';
import type { SocketOperation } from '@crm-graph/gateway/edge/socket/SocketOperation';
import { type ProtocolHost, SocketProtocol } from '@crm-graph/gateway/edge/socket/SocketProtocol';
import type { AdmittedOperation } from '@crm-graph/gateway/graph/AdmittedOperation';
import { Turns } from '@crm-graph/gateway/graph/Turns';
import type { Session } from '@crm-graph/gateway/live/sessions/Session';
import type { Subscriber } from '@crm-graph/gateway/live/streams/Subscriber';
import type { CloseReason } from '@crm-graph/shared/errors/errorCodes';
import type { FormattedExecutionResult } from 'graphql';

/** A stream that is being joined. */
export interface Joining {
  subscriber: Subscriber;
  /** Joined: what is given is called when the subscriber leaves. */
  join(leave: () => void): void;
  fail(error: unknown): void;
}

/** An operation that is being executed. */
export interface Executing {
  signal: AbortSignal | undefined;
  finish(result: FormattedExecutionResult): void;
}

export interface ScriptedHostOptions {
  /** @default a minute */
  initTimeoutMs?: number;
  /** What admission throws, by the document. */
  refuses?: (query: string) => unknown;
}

/** Documents that begin with "subscription" are followed, all others executed. */
export class ScriptedHost implements ProtocolHost<Session> {
  readonly #turns = new Turns({ atOnce: 100, pause: 0 });
  readonly protocol: SocketProtocol<Session>;
  /** Messages to the client. */
  readonly sent: Record<string, unknown>[] = [];
  closing: CloseReason | undefined;
  /** Whether the client that was let in has been let go. */
  isDisposed = false;
  /** The payload of ConnectionInit. */
  connectionParams: JsonObject | undefined;
  readonly joining: Joining[] = [];
  readonly executing: Executing[] = [];
  readonly operations: SocketOperation[] = [];
  readonly #options: ScriptedHostOptions;
  readonly #credentials = Promise.withResolvers<Session>();

  constructor(options: ScriptedHostOptions = {}) {
    this.#options = options;
    this.protocol = new SocketProtocol(this, options.initTimeoutMs ?? 60_000);
  }

  /** With a client that has been let in. */
  static async acknowledged(options?: ScriptedHostOptions): Promise<ScriptedHost> {
    const host = new ScriptedHost(options);
    host.receive({ type: 'connection_init' });
    await host.letIn();
    host.sent.splice(0);
    return host;
  }

  /** Messages of the client, all within one tick. */
  receive(...messages: (object | string)[]): void {
    for (const message of messages) {
      this.protocol.receive(typeof message === 'string' ? message : JSON.stringify(message));
    }
  }

  /** The credentials are good. */
  async letIn(): Promise<void> {
    this.#credentials.resolve({
      [Symbol.dispose]: () => {
        this.isDisposed = true;
      },
    } as Session);
    await settled();
  }

  /** The credentials are not. */
  async refuse(): Promise<void> {
    this.#credentials.reject(new Error('refused'));
    await settled();
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(reason: CloseReason): void {
    this.closing = reason;
  }

  connect(payload: JsonObject | undefined): Promise<Session> {
    this.connectionParams = payload;
    return this.#credentials.promise;
  }

  refusal(): CloseReason {
    return { code: 4403, reason: 'Refused' };
  }

  run(operation: SocketOperation, request: { query: string }, session: Session): void {
    this.operations.push(operation);
    const { refuses } = this.#options;
    void runOperation(
      operation,
      { ...noRest, ...request },
      session,
      { waitingBytes: 0, turns: this.#turns, whenRead: async () => undefined },
      {
        timeoutMs: 10_000,
        admit: ({ query }) => {
          const refusal = refuses?.(query);
          if (refusal) throw refusal;
          return {
            kind: query.startsWith('subscription') ? 'subscription' : 'query',
          } as AdmittedOperation;
        },
        subscriptions: {
          subscribe: (_admitted, subscriber) => {
            const { promise, resolve, reject } = Promise.withResolvers<() => void>();
            this.joining.push({ subscriber, join: resolve, fail: reject });
            return promise;
          },
          execute: (_admitted, _session, signal) => {
            const { promise, resolve } = Promise.withResolvers<FormattedExecutionResult>();
            this.executing.push({ signal, finish: resolve });
            return promise;
          },
        },
        format: (error) => error.toJSON(),
      },
    );
  }
}

const noRest = { operationName: undefined, variables: undefined, extensions: undefined };

/** Whatever follows from promises that are settled has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

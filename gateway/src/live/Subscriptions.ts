// Subscribes clients of any transport: checks what they ask, and brings those together who ask the same.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { positionOf } from '@crm-graph/shared/events/EventCursor';
import type { BellSource } from '@crm-graph/shared/events/eventChannel';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import type { Logger } from '@crm-graph/shared/logger';
import { requestScope } from '@crm-graph/shared/requestScope';
import {
  type FieldNode,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getArgumentValues,
} from 'graphql';
import type { GatewayConfig } from '../config.ts';
import { OperationError } from '../engine/admit/OperationError.ts';
import { isIncludedBy } from '../engine/document/conditions.ts';
import { collectFields } from '../engine/shape/collectFields.ts';
import type { ExecutableOperation } from '../graph/AdmittedOperation.ts';
import { callerOf, type GatewayContext } from '../graph/GatewayContext.ts';
import type { Graph } from '../graph/Graph.ts';
import { EventHub } from './log/EventHub.ts';
import { claimsKey, type Session } from './sessions/Session.ts';
import { openStream } from './streams/openStream.ts';
import type { Leave } from './streams/Stream.ts';
import { Streams } from './streams/Streams.ts';
import type { Subscriber } from './streams/Subscriber.ts';
import { type SubscriptionField, subscriptionFields } from './streams/subscriptionFields.ts';
import { type Twin, twinQuery } from './streams/twinQuery.ts';

export interface SubscriptionsOptions {
  graph: Graph;
  pubsub: BellSource;
  config: Pick<GatewayConfig, 'INTERNAL_SECRET' | 'REQUEST_TIMEOUT_MS' | 'MAX_SOCKET_BUFFER_BYTES'>;
  /** Base URL by subgraph. */
  urls: Readonly<Record<string, string>>;
  logger: Logger;
  /** Errors as clients see them. */
  format: (error: GraphQLError) => GraphQLFormattedError;
}

/** A subscription whose arguments are known. */
interface Asked {
  field: SubscriptionField;
  args: Record<string, unknown>;
  twin: Twin;
}

export class Subscriptions implements AsyncDisposable {
  readonly #options: SubscriptionsOptions;
  readonly #hub: EventHub;
  readonly #streams = new Streams();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    const { pubsub, logger, urls, config } = options;
    this.#hub = new EventHub({
      pubsub,
      logger,
      reader: (log, organizationId) => {
        const url = urls[log];
        if (!url) throw new TypeError(`No URL is configured for the log "${log}"`);
        const token = () => mintServiceToken(config.INTERNAL_SECRET, organizationId);
        return new LogClient({ url, token });
      },
    });
  }

  /** A query or a mutation. */
  execute(
    operation: ExecutableOperation,
    session: Session,
    signal?: AbortSignal,
  ): Promise<FormattedExecutionResult> {
    const { graph, format } = this.#options;
    return requestScope.run({ requestId: session.requestId }, async () => {
      const context = this.#contextOf(session, signal);
      const { data, errors } = await graph.execute(operation, context);
      return {
        ...(errors && { errors: errors.map(format) }),
        ...(data !== undefined && { data: data as FormattedExecutionResult['data'] }),
      };
    });
  }

  /** Throws coded errors. `resumeAfter` is a cursor that counts more than the argument `after`. */
  async subscribe(
    operation: ExecutableOperation,
    subscriber: Subscriber,
    resumeAfter?: string,
  ): Promise<Leave> {
    const { config } = this.#options;
    const { session } = subscriber;
    const { identity } = session;
    const { organizationId } = identity;
    const { field, args, twin } = await this.#asked(operation, session);
    const { after, ...rest } = args;
    const cursor = resumeAfter ?? after;
    const position =
      typeof cursor === 'string' && field.kind === 'events'
        ? positionOf(config.INTERNAL_SECRET, cursor, { log: field.log, organizationId })
        : undefined;
    const variables = pick(operation.variables ?? {}, twin.variables);
    const who = field.isPersonal ? identity.subject : '';
    const key = JSON.stringify([claimsKey(identity), who, field.log, rest, variables, twin.query]);
    const open = () =>
      openStream({
        hub: this.#hub,
        secret: config.INTERNAL_SECRET,
        maxWaitingBytes: config.MAX_SOCKET_BUFFER_BYTES,
        shown: subscriptionError,
        field,
        args: rest,
        twin,
        variables,
        identity,
        execute: async (query, given, speaker) => {
          const prepared = this.#options.graph.prepare({ query });
          const coerced = prepared.coerce(given);
          return this.execute({ prepared, variables: given, coerced }, speaker);
        },
      });
    return this.#streams.join(key, open, subscriber, position);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hub[Symbol.asyncDispose]();
  }

  async #asked(asked: ExecutableOperation, session: Session): Promise<Asked> {
    const { prepared, coerced } = asked;
    const { schema, node: operation, fragments } = prepared.operation;
    const root = schema.getSubscriptionType();
    if (!root) throw new TypeError('The schema has no subscriptions');
    const selected = { schema, fragments, isIncluded: isIncludedBy(coerced) };
    const [[responseKey, nodes] = []] = collectFields(selected, [operation.selectionSet], root);
    const [node] = nodes ?? [];
    const definition = node && root.getFields()[node.name.value];
    const field = node && subscriptionFields[node.name.value];
    if (!responseKey || !nodes || !node || !definition || !field) {
      throw new CrmError('BAD_REQUEST', 'The subscription selects nothing to watch.');
    }
    await this.#checkRules(asked, session, nodes, responseKey);
    return {
      field,
      args: getArgumentValues(definition, node, coerced),
      twin: twinQuery({ operation, fragments, nodes, field: field.twin, kind: field.kind }),
    };
  }

  /** The rule of the root field is held before anything is read; those below it with each result. */
  async #checkRules(
    { prepared, coerced }: ExecutableOperation,
    session: Session,
    nodes: readonly FieldNode[],
    responseKey: string,
  ): Promise<void> {
    const context = this.#contextOf(session, undefined);
    const denials = await this.#options.graph.denials(prepared, coerced, context);
    for (const node of nodes) {
      const denial = denials?.get(node);
      if (denial) {
        const { message, extensions } = denial;
        throw new GraphQLError(message, { path: [responseKey], extensions });
      }
    }
  }

  #contextOf(
    { identity, requestId, traceparent }: Session,
    signal: AbortSignal | undefined,
  ): GatewayContext {
    const deadline = Date.now() + this.#options.config.REQUEST_TIMEOUT_MS;
    return { identity, requestId, traceparent, signal, deadline, caller: callerOf(identity) };
  }
}

const pick = (
  from: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> =>
  Object.fromEntries(
    names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]),
  );

/** What is not coded is a fault of ours: masked, and logged with its cause, where it is shown. */
const subscriptionError = (error: unknown): GraphQLError => {
  const first = error instanceof OperationError ? error.errors[0] : error;
  if (first instanceof GraphQLError) return first;
  return new GraphQLError('The subscription failed', { originalError: error as Error });
};

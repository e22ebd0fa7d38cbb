// What sockets run: queries and mutations of the graph, subscriptions event by event.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { BellSource } from '@crm-graph/shared/events/eventChannel';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import type { Logger } from '@crm-graph/shared/logger';
import { requestScope } from '@crm-graph/shared/requestScope';
import {
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getArgumentValues,
  getVariableValues,
} from 'graphql';
import type { GatewayConfig } from '../config.ts';
import { isIncludedBy } from '../engine/prepare/conditions.ts';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import { collectFields } from '../engine/shape/collectFields.ts';
import type { Graph } from '../federation/Graph.ts';
import { type GatewayContext, gatewayContext } from '../GatewayContext.ts';
import { closeCodes } from './closeCodes.ts';
import { EventHub } from './EventHub.ts';
import { eventQuery } from './eventQuery.ts';
import { eventSources } from './eventSources.ts';
import type { SocketSession } from './SocketSession.ts';
import type { SocketOperation, SocketServerOptions } from './socketServer.ts';
import { subscribeToEvents } from './subscribeToEvents.ts';

export interface LiveOperationsOptions {
  graph: Graph;
  pubsub: BellSource;
  config: GatewayConfig;
  urls: Readonly<Record<string, string>>;
  logger: Logger;
  /** Errors as clients see them. */
  format: (error: GraphQLError) => GraphQLFormattedError;
}

export type LiveOperations = Pick<SocketServerOptions, 'prepare' | 'execute' | 'subscribe'> & {
  hub: EventHub;
};

export const liveOperations = (options: LiveOperationsOptions): LiveOperations => {
  const { graph, pubsub, config, urls, logger, format } = options;
  const secret = config.INTERNAL_SECRET;
  const hub = new EventHub({
    pubsub,
    logger,
    reader: (log, organizationId) => {
      const url = urls[log];
      if (!url) throw new TypeError(`No URL is configured for the log "${log}"`);
      return new LogClient({ url, token: () => mintServiceToken(secret, organizationId) });
    },
  });

  const contextOf = ({ identity, requestId, traceparent, signal }: SocketSession): GatewayContext =>
    gatewayContext({ identity, requestId, traceparent, signal }, config.REQUEST_TIMEOUT_MS);

  const run = (
    session: SocketSession,
    prepared: PreparedOperation,
    variables: Record<string, unknown>,
  ): Promise<FormattedExecutionResult> =>
    requestScope.run({ requestId: session.requestId }, async () => {
      const { data, errors } = await graph.execute(prepared, variables, contextOf(session));
      return {
        ...(errors && { errors: errors.map(format) }),
        ...(data !== undefined && { data: data as FormattedExecutionResult['data'] }),
      };
    });

  const subscribe = async ({ prepared, variables, session }: SocketOperation) => {
    const { schema, node: operation, fragments } = prepared.operation;
    const declared = operation.variableDefinitions ?? [];
    const { coerced, errors } = getVariableValues(schema, declared, variables);
    if (!coerced) throw badInput(errors);

    const root = schema.getSubscriptionType();
    if (!root) throw new TypeError('The schema has no subscriptions');
    const selected = { schema, fragments, isIncluded: isIncludedBy(coerced) };
    const [[responseKey, nodes] = []] = collectFields(selected, [operation.selectionSet], root);
    const [node] = nodes ?? [];
    const definition = node && root.getFields()[node.name.value];
    const source = node && eventSources[node.name.value];
    if (!responseKey || !nodes || !node || !definition || !source) {
      throw new CrmError('BAD_REQUEST', 'The subscription selects nothing to watch.');
    }
    const denials = await graph.denials(prepared, variables, contextOf(session));
    for (const one of nodes) {
      const denial = denials?.get(one);
      if (denial) throw denied(denial, responseKey);
    }
    return subscribeToEvents({
      hub,
      secret,
      source,
      responseKey,
      args: getArgumentValues(definition, node, coerced),
      query: eventQuery(operation, fragments, nodes, source.queryField),
      variables,
      identity: () => session.identity,
      maxBytes: config.MAX_SOCKET_BUFFER_BYTES,
      tooSlow: () => session.close(closeCodes.tooSlow),
      execute: async (query, given) => run(session, await graph.prepare({ query }), given),
      signal: session.signal,
    });
  };

  return {
    hub,
    prepare: (source) => graph.prepare(source),
    execute: ({ session, prepared, variables }) => run(session, prepared, variables),
    subscribe,
  };
};

const badInput = (errors: readonly GraphQLError[]): GraphQLError =>
  new CrmError('BAD_USER_INPUT', errors.map(({ message }) => message).join('; '));

const denied = (denial: GraphQLError, responseKey: string): GraphQLError =>
  new GraphQLError(denial.message, { path: [responseKey], extensions: denial.extensions });

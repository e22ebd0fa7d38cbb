// What sockets run: every operation through Apollo Server's pipeline, subscriptions event by event.
import type { ApolloServer } from '@apollo/server';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { BellSource } from '@crm-graph/shared/events/eventChannel';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import type { Logger } from '@crm-graph/shared/logger';
import { requestScope } from '@crm-graph/shared/requestScope';
import {
  type FormattedExecutionResult,
  GraphQLError,
  getArgumentValues,
  getVariableValues,
  type ValidationRule,
} from 'graphql';
import type { Authorizer } from '../authorization/Authorizer.ts';
import { collectFields } from '../authorization/collectFields.ts';
import type { GatewayConfig } from '../config.ts';
import { type GatewayContext, gatewayContext } from '../GatewayContext.ts';
import { closeCodes } from './closeCodes.ts';
import { EventHub } from './EventHub.ts';
import { eventQuery } from './eventQuery.ts';
import { eventSources } from './eventSources.ts';
import { readOperation } from './readOperation.ts';
import type { SocketSession } from './SocketSession.ts';
import type { SocketOperation, SocketServerOptions } from './socketServer.ts';
import { subscribeToEvents } from './subscribeToEvents.ts';

export interface LiveOperationsOptions {
  apollo: ApolloServer<GatewayContext>;
  authorizer: Authorizer;
  pubsub: BellSource;
  config: GatewayConfig;
  urls: Readonly<Record<string, string>>;
  rules: readonly ValidationRule[];
  logger: Logger;
}

export type LiveOperations = Pick<SocketServerOptions, 'read' | 'execute' | 'subscribe'> & {
  hub: EventHub;
};

export const liveOperations = (options: LiveOperationsOptions): LiveOperations => {
  const { apollo, authorizer, pubsub, config, urls, rules, logger } = options;
  const { schema } = authorizer;
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

  const contextOf = ({ identity, requestId, traceparent }: SocketSession): GatewayContext =>
    gatewayContext({ identity, requestId, traceparent }, config.REQUEST_TIMEOUT_MS);

  const run = async (
    session: SocketSession,
    request: { query: string; operationName?: string; variables: Record<string, unknown> },
  ): Promise<FormattedExecutionResult> =>
    requestScope.run({ requestId: session.requestId }, async () => {
      const { body } = await apollo.executeOperation(request, { contextValue: contextOf(session) });
      if (body.kind === 'single') return body.singleResult;
      throw new TypeError('Incremental delivery is not offered');
    });

  const subscribe = async (operation: SocketOperation) => {
    const { session, operationName, document } = operation;
    const prepared = authorizer.prepare(document, operationName);
    const declared = prepared.operation.variableDefinitions ?? [];
    const { coerced, errors } = getVariableValues(schema, declared, operation.variables);
    if (!coerced) throw badInput(errors);

    const root = schema.getSubscriptionType();
    if (!root) throw new TypeError('The schema has no subscriptions');
    const selected = { schema, fragments: prepared.fragments, variables: coerced };
    const [[responseKey, nodes] = []] = collectFields(
      selected,
      [prepared.operation.selectionSet],
      root,
    );
    const [node] = nodes ?? [];
    const definition = node && root.getFields()[node.name.value];
    const source = node && eventSources[node.name.value];
    if (!responseKey || !nodes || !node || !definition || !source) {
      throw new CrmError('BAD_REQUEST', 'The subscription selects nothing to watch.');
    }
    const denials = await authorizer.denials(prepared, coerced, contextOf(session));
    for (const one of nodes) {
      const denial = denials.get(one);
      if (denial) throw denied(denial, responseKey);
    }
    return subscribeToEvents({
      hub,
      secret,
      source,
      responseKey,
      args: getArgumentValues(definition, node, coerced),
      query: eventQuery(prepared.operation, prepared.fragments, nodes, source.queryField),
      variables: operation.variables,
      identity: () => session.identity,
      maxBytes: config.MAX_SOCKET_BUFFER_BYTES,
      tooSlow: () => session.close(closeCodes.tooSlow),
      execute: (query, variables) => run(session, { query, variables }),
      signal: session.signal,
    });
  };

  return {
    hub,
    read: (source) => readOperation(source, { schema, maxTokens: config.MAX_TOKENS, rules }),
    execute: ({ session, query, operationName, variables }) =>
      run(session, { query, variables, ...(operationName && { operationName }) }),
    subscribe,
  };
};

const badInput = (errors: readonly GraphQLError[]): GraphQLError =>
  new CrmError('BAD_USER_INPUT', errors.map(({ message }) => message).join('; '));

const denied = (denial: GraphQLError, responseKey: string): GraphQLError =>
  new GraphQLError(denial.message, { path: [responseKey], extensions: denial.extensions });

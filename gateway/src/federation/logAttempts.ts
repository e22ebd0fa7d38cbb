// Requests to subgraphs that failed, in the log: the client is told a code, the operator the cause.
import type { Logger } from '@crm-graph/shared/logger';
import type { AttemptEvent } from '../engine/transport/SubgraphTransportOptions.ts';

export const logAttempts =
  (logger: Logger) =>
  ({ subgraph, attempt, ms, status, error }: AttemptEvent): void => {
    if (!error || error.code === 'CANCELLED') return;
    const { code, message, cause } = error;
    logger.warn(message, { subgraph, code, attempt, ms: Math.round(ms), status, cause });
  };

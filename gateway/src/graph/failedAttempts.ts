// Requests to subgraphs that failed, in the log: clients are told a code, operators the cause.
import type { Logger } from '@crm-graph/shared/logger';
import type { AttemptEvent } from '../engine/transport/SubgraphTransportOptions.ts';

/** For a transport's `onAttempt`. Attempts that clients gave up are not failures. */
export const failedAttempts =
  (logger: Logger) =>
  ({ error, ms, ...attempt }: AttemptEvent): void => {
    if (!error || error.code === 'CANCELLED') return;
    const tookMs = Math.round(ms);
    logger.warn('a subgraph gave no usable answer', { ...attempt, tookMs, cause: error });
  };

// Asks a subscription's twin on behalf of all who share it, until there is an answer: an event that
// cannot be resolved right now is not skipped.
import { backoff } from '@crm-graph/shared/events/backoff';
import type { FormattedExecutionResult } from 'graphql';
import type { Session } from '../sessions/Session.ts';
import type { Twin } from './twinQuery.ts';

export type Execute = (
  query: string,
  variables: Record<string, unknown>,
  speaker: Session,
) => Promise<FormattedExecutionResult>;

export interface TwinQuestion {
  twin: Twin;
  /** The client's; those that the twin uses. */
  variables: Record<string, unknown>;
  execute: Execute;
}

/** `given` by argument. Undefined: there is nothing to say, or nobody left to say it to. */
export type AskTwin = (
  given: Readonly<Record<string, unknown>>,
  speaker: () => Session | undefined,
  signal: AbortSignal,
) => Promise<FormattedExecutionResult | undefined>;

/** Answers that say "later", or "not with this token". */
const passing = new Set<unknown>(['SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'UNAUTHENTICATED']);

/** Streams are few, and while a subgraph is down asking costs nothing: once a second, at least. */
const maxFailures = 3;

export const askTwin =
  ({ twin, variables, execute }: TwinQuestion): AskTwin =>
  async (given, speaker, signal) => {
    const all = { ...variables };
    for (const [argument, value] of Object.entries(given)) all[twin.given[argument] ?? ''] = value;
    for (let failures = 0; !signal.aborted; failures++) {
      const session = speaker();
      const result = session && (await execute(twin.query, all, session));
      if (result?.data?.[twin.responseKey] != null) return result;
      if (result && !result.errors) return undefined;
      if (result && !result.errors?.some(({ extensions }) => passing.has(extensions?.['code']))) {
        return result;
      }
      await backoff(Math.min(failures, maxFailures), signal);
    }
    return undefined;
  };

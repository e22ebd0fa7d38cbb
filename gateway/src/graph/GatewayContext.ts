// What the steps of one operation share: who asks, until when, and under which ids.
import type { Identity } from '@crm-graph/shared/identity/Identity';

export interface GatewayContext {
  /** Absent: nobody has logged in. */
  identity?: Identity | undefined;
  requestId: string;
  /** W3C trace context to hand on, when no tracer is active that makes one. */
  traceparent: string;
  /** Epoch milliseconds at which the operation is given up. */
  deadline: number;
  /** Aborts when the client has gone away. */
  signal?: AbortSignal | undefined;
  /** Whose turn it is where callers wait for their turns: a key or user, or an address. */
  caller: string;
  /** Adds up what the operation really cost; absent unless the client asks for it. */
  meter?: CostMeter | undefined;
}

/** What an execution has cost so far. */
export interface CostMeter {
  fetches: number;
  sqlStatements: number;
}

/** The caller that an identity is, whatever its connection. */
export const callerOf = ({ organizationId, subject }: Identity): string =>
  `${organizationId} ${subject}`;

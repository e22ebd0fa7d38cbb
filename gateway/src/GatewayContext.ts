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
  /** Called when the operation has ended, for the request's log line. */
  ended?: ((operation: OperationRecord) => void) | undefined;
}

/** What an operation was and how it ended. */
export interface OperationRecord {
  name: string | null;
  type: string;
  /** The codes of the response's errors, each once. */
  errors: string[];
}

/** A context with a deadline that starts now. */
export const gatewayContext = (
  parts: Omit<GatewayContext, 'deadline'>,
  timeoutMs: number,
): GatewayContext => ({
  ...parts,
  deadline: Date.now() + timeoutMs,
});

// Why there is no plan for an operation.
import { GraphQLError } from 'graphql';

export type PlanFailureCode =
  /** Planning takes too much time or memory. */
  | 'OPERATION_TOO_LARGE'
  /** The planner knows no plan, or there is no planner. */
  | 'OPERATION_PLANNING_FAILED'
  /** As many operations of the caller wait as may. */
  | 'RATE_LIMITED'
  /** As many operations wait as may, of all callers. */
  | 'PLANNER_BUSY'
  /** Not planned by the deadline. */
  | 'TIMEOUT'
  /** The client has gone away; nobody reads this. */
  | 'CANCELLED';

export interface PlanFailureOptions {
  /** The same operation would fail again: it need not be tried. */
  isLasting?: boolean;
  /** Milliseconds after which to try again, where that helps: `retryAfterMs` in `extensions`. */
  retryAfterMs?: number;
  cause?: unknown;
}

export class PlanFailure extends GraphQLError {
  readonly code: PlanFailureCode;
  readonly isLasting: boolean;

  constructor(code: PlanFailureCode, message: string, options: PlanFailureOptions = {}) {
    const { isLasting = false, retryAfterMs, cause } = options;
    super(message, {
      extensions: { code, ...(retryAfterMs !== undefined && { retryAfterMs }) },
      ...(cause instanceof Error && { originalError: cause }),
    });
    this.name = 'PlanFailure';
    this.code = code;
    this.isLasting = isLasting;
  }
}

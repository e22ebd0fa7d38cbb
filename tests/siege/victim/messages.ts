// What the victim's process is asked and what it answers.
import type { ErrorCounts } from './ErrorCounts.ts';

export interface VictimOrder {
  url: string;
  token: string;
  /** How long requests are begun. */
  seconds: number;
  perSecond: number;
}

export interface VictimFigures {
  requests: number;
  /** From the moment a request was due. */
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** The longest of the operations that the graph had not seen before; one a second. */
  newMaxMs: number;
  errors: ErrorCounts;
}

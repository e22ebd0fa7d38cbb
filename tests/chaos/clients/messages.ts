// What the run and its client processes say to each other.
import type { Verdict } from '../checkDelivery.ts';
import type { Filter } from '../filters.ts';
import type { LoggedEvent } from '../LoggedEvent.ts';
import type { TransportName } from './transports/Transport.ts';

/** Some of those who take multipart do so with Apollo Client. */
export type ClientName = TransportName | 'multipart, Apollo Client';

export interface StartMessage {
  start: {
    url: string;
    apiKey: string;
    /** Reads cursors. */
    secret: string;
    organizationId: string;
    /** The cursor that all begin after. */
    after: string;
    subscribers: readonly { client: ClientName; filter: Filter | undefined }[];
  };
}

export interface FinishMessage {
  finish: {
    /** What happened after the cursor. */
    log: readonly LoggedEvent[];
    /** How long those who are behind may take. */
    patienceMs: number;
  };
}

export type Order = StartMessage | FinishMessage;

/** The answer to `start`: how many connections are open. */
export interface Started {
  connected: number;
}

export interface SubscriberReport extends Verdict {
  client: ClientName;
  isFiltered: boolean;
  reconnects: number;
  failures: number;
  wrong: number;
  longestSilenceMs: number;
}

/** The answer to `finish`. */
export interface Finished {
  subscribers: readonly SubscriberReport[];
  /** Events that arrived with another type or deal than the log has. */
  unlikeTheLog: number;
  /** How often connections ended, by reason. */
  ends: Readonly<Record<string, number>>;
}

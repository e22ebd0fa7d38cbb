// What has arrived in this process: positions of cursors, read and verified once for all subscribers,
// and whether all were told the same of an event.
import { positionOf } from '@crm-graph/shared/events/EventCursor';
import type { LoggedEvent } from '../LoggedEvent.ts';

export interface ArrivedEvent {
  type: string;
  dealId: string;
  deal: { id: string };
}

interface Arrival {
  position: number;
  type: string;
  dealId: string;
}

export class Arrivals {
  readonly #byCursor = new Map<string, Arrival>();
  readonly #secret: string;
  readonly #organizationId: string;

  constructor(secret: string, organizationId: string) {
    this.#secret = secret;
    this.#organizationId = organizationId;
  }

  /** The position is 0 when the cursor is not one of this organization's log of deals. */
  take(cursor: string, event: ArrivedEvent): { position: number; isRight: boolean } {
    const { type, dealId, deal } = event;
    let known = this.#byCursor.get(cursor);
    if (!known) {
      known = { position: this.#position(cursor), type, dealId };
      this.#byCursor.set(cursor, known);
    }
    const { position } = known;
    const isSame = known.type === type && known.dealId === dealId && deal.id === dealId;
    return { position, isRight: position > 0 && isSame };
  }

  /** How many events arrived that say something else than the log. */
  unlike(log: readonly LoggedEvent[]): number {
    const byPosition = new Map(log.map((event) => [event.position, event]));
    return [...this.#byCursor.values()].filter(({ position, type, dealId }) => {
      const event = byPosition.get(position);
      return event?.type !== type || event.dealId !== dealId;
    }).length;
  }

  #position(cursor: string): number {
    try {
      const log = { log: 'deals', organizationId: this.#organizationId };
      return positionOf(this.#secret, cursor, log);
    } catch {
      return 0;
    }
  }
}

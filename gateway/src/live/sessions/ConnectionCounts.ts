// How many sockets and streams a key, a user and an organization have on this gateway.
import type { Identity } from '@crm-graph/shared/identity/Identity';

export interface ConnectionLimits {
  perCaller: number;
  perOrganization: number;
}

export class ConnectionCounts {
  readonly #limits: ConnectionLimits;
  readonly #counts = new Map<string, number>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Returns what gives the place back; undefined when there is none. */
  take({ subject, organizationId }: Identity): (() => void) | undefined {
    const places = [
      { key: `${organizationId} ${subject}`, limit: this.#limits.perCaller },
      { key: organizationId, limit: this.#limits.perOrganization },
    ];
    if (places.some(({ key, limit }) => (this.#counts.get(key) ?? 0) >= limit)) return undefined;
    for (const { key } of places) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return () => {
      for (const { key } of places) {
        const left = (this.#counts.get(key) ?? 1) - 1;
        if (left > 0) this.#counts.set(key, left);
        else this.#counts.delete(key);
      }
    };
  }
}

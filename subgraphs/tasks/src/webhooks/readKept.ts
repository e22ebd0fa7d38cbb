// Reads a log for the queue, also where its next events are no longer kept: those are lost to webhooks,
// which is said in the log of the process, but must not keep all later ones from being sent.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { OrganizationReader } from '@crm-graph/shared/events/AllOrganizationsConsumer';

export function readKept(
  client: OrganizationReader,
  /** Stores that `lost` is behind us; what is stored is ahead of it already, or becomes it. */
  skipTo: (lost: number) => Promise<void>,
): OrganizationReader {
  return {
    async read(after, first, signal) {
      try {
        return await client.read(after, first, signal);
      } catch (error) {
        const oldest = error instanceof CrmError ? error.extensions['oldest'] : undefined;
        if (typeof oldest !== 'number' || oldest <= after + 1) throw error;
        await skipTo(oldest - 1);
        return client.read(oldest - 1, first, signal);
      }
    },
  };
}

// Who has events sent somewhere must be allowed to see them: managing webhooks alone is no way around
// the scopes of a key.
import { mayFollowLog } from '@crm-graph/shared/graphql/rules';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { logsOfFilter } from './logsOfFilter.ts';
import type { WebhookFilter } from './WebhookFilter.ts';

/** FORBIDDEN where the filter fits events that the identity may not follow. */
export function checkRights(identity: Identity, filter: WebhookFilter): void {
  for (const log of logsOfFilter(filter)) {
    const verdict = mayFollowLog(log, identity);
    if (verdict !== true) throw verdict;
  }
}

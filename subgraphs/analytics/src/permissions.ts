// Who may ask what of analytics: managers and administrators, and API keys with the scope.
import { can } from '@crm-graph/shared/graphql/rules';
import type { ShieldRule } from '@crm-graph/shared/graphql/shield';

export const permissions: Record<'Query', Record<string, ShieldRule>> = {
  Query: {
    salesSummary: can('analytics:read'),
    salesByOwner: can('analytics:read'),
    salesByProduct: can('analytics:read'),
    salesByMonth: can('analytics:read'),
  },
};

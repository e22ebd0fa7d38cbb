// Who may do what with deals. The gateway holds the same rules before it asks; these hold without it.
import { can, canFollowDeals } from '@crm-graph/shared/graphql/rules';
import type { RootRules } from '@crm-graph/shared/subgraph/buildFederatedSchema';

export const permissions: RootRules = {
  Query: {
    deal: can('deals:read'),
    deals: can('deals:read'),
    dealEvent: canFollowDeals,
    liveDealsUpdate: canFollowDeals,
    pipeline: can('deals:read'),
    pipelines: can('deals:read'),
    product: can('deals:read'),
    products: can('deals:read'),
  },
  Mutation: {
    createDeal: can('deals:write'),
    updateDeal: can('deals:write'),
    moveDeal: can('deals:write'),
    bulkCreateDeals: can('deals:write'),
    deleteDeal: can('deals:delete'),
    createPipeline: can('pipelines:write'),
    createProduct: can('pipelines:write'),
  },
  Subscription: {
    dealEvents: canFollowDeals,
    liveDeals: canFollowDeals,
  },
};

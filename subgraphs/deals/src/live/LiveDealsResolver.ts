// Live lists of deals. The gateway serves the subscription: it keeps each list's state and asks
// `liveDealsUpdate` for the differences when events name deals.

import { defaultPageSize, PageSizeArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { ListSize } from '@crm-graph/shared/graphql/cost';
import { servedByGateway } from '@crm-graph/shared/subgraph/buildFederatedSchema';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Args, Ctx, Query, Resolver, Root, Subscription } from 'type-graphql';
import { DealListArgs } from '../dealList.ts';
import { LiveDealsUpdate } from './LiveDealsUpdate.ts';
import { LiveStateArgs, updateLiveDeals } from './updateLiveDeals.ts';

const liveSize = {
  assumedSize: defaultPageSize,
  slicingArguments: ['first'],
  sizedFields: ['page', 'added', 'changed', 'removed'],
};

@Resolver(() => LiveDealsUpdate)
export class LiveDealsResolver {
  @ListSize(liveSize)
  @Query(() => LiveDealsUpdate, {
    description:
      'The first deals of a list; or, given the state of that list, how it differs from that now.',
  })
  async liveDealsUpdate(
    @Args(() => DealListArgs) list: DealListArgs,
    @Args(() => PageSizeArgs) page: PageSizeArgs,
    @Args(() => LiveStateArgs) state: LiveStateArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<LiveDealsUpdate> {
    return updateLiveDeals(context, { ...list, ...page, ...state });
  }

  @ListSize(liveSize)
  @Subscription(() => LiveDealsUpdate, {
    description:
      'The first deals of a list, then only what becomes different. Lasts until either side ends it.',
    subscribe: servedByGateway,
  })
  liveDeals(
    @Root() update: LiveDealsUpdate,
    @Args(() => DealListArgs) _list: DealListArgs,
    @Args(() => PageSizeArgs) _page: PageSizeArgs,
  ): LiveDealsUpdate {
    return update;
  }
}

// Deals as clients read them, and where they hang below contacts, companies and users.

import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { connectionLoader } from '@crm-graph/shared/graphql/connectionLoader';
import { type ConnectionOf, connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { ListSize } from '@crm-graph/shared/graphql/cost';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Deal } from './Deal.ts';
import { DealProduct } from './DealProduct.ts';
import { DealStageChange } from './DealStageChange.ts';
import { DealListArgs, dealList } from './dealList.ts';
import {
  dealById,
  maxStageChanges,
  pipelineById,
  productById,
  productsOfDeal,
  stageById,
  stageHistoryOfDeal,
} from './loaders.ts';
import { Pipeline } from './Pipeline.ts';
import { Product } from './Product.ts';
import { Company, Contact, reference, User } from './references.ts';
import { Stage } from './Stage.ts';

const { Connection: DealConnection } = connectionOf(Deal, 'Deal');

const dealsOfCompany = connectionLoader({ ...dealList, parentColumn: 'companyId' });
const dealsOfContact = connectionLoader({ ...dealList, parentColumn: 'contactId' });
const dealsOfOwner = connectionLoader({ ...dealList, parentColumn: 'ownerId' });

@Resolver(() => Deal)
export class DealResolver {
  @Query(() => DealConnection, { description: 'Deals of the organization.' })
  deals(
    @Args(() => DealListArgs) list: DealListArgs,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Deal> {
    return paginate(context, { ...dealList, ...list, ...page });
  }

  @Query(() => Deal, { nullable: true, description: 'A deal; null when there is none.' })
  async deal(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Deal | undefined> {
    return dealById(context).load(id);
  }

  @FieldResolver(() => Stage, { description: 'The stage it is in.' })
  async stage(@Root() deal: Deal, @Ctx() context: SubgraphContext) {
    return stageById(context).load(deal.stageId);
  }

  @FieldResolver(() => Pipeline, { description: 'The pipeline it is in.' })
  async pipeline(@Root() deal: Deal, @Ctx() context: SubgraphContext) {
    return pipelineById(context).load(deal.pipelineId);
  }

  @FieldResolver(() => Company, { nullable: true, description: 'The company that may buy.' })
  company(@Root() deal: Deal): Company | null {
    return reference(Company, deal.companyId);
  }

  @FieldResolver(() => Contact, { nullable: true, description: 'The person to talk to.' })
  contact(@Root() deal: Deal): Contact | null {
    return reference(Contact, deal.contactId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who works on it.' })
  owner(@Root() deal: Deal): User | null {
    return reference(User, deal.ownerId);
  }

  @ListSize({ assumedSize: 100 })
  @FieldResolver(() => [DealProduct], { description: 'The products in it, at most 100.' })
  async products(@Root() deal: Deal, @Ctx() context: SubgraphContext): Promise<DealProduct[]> {
    return productsOfDeal(context).load(deal.id);
  }

  @ListSize({ assumedSize: maxStageChanges })
  @FieldResolver(() => [DealStageChange], {
    description: 'Its way through the stages: the latest 100 moves, oldest first.',
  })
  async stageHistory(
    @Root() deal: Deal,
    @Ctx() context: SubgraphContext,
  ): Promise<DealStageChange[]> {
    return stageHistoryOfDeal(context).load(deal.id);
  }
}

@Resolver(() => DealProduct)
export class DealProductResolver {
  @FieldResolver(() => Product, { description: 'The product.' })
  async product(@Root() line: DealProduct, @Ctx() context: SubgraphContext) {
    return productById(context).load(line.productId);
  }
}

@Resolver(() => DealStageChange)
export class DealStageChangeResolver {
  @FieldResolver(() => Stage, { nullable: true, description: 'Where it was; null at creation.' })
  async from(@Root() change: DealStageChange, @Ctx() context: SubgraphContext) {
    return change.fromStageId === null ? null : stageById(context).load(change.fromStageId);
  }

  @FieldResolver(() => Stage, { description: 'Where it went.' })
  async to(@Root() change: DealStageChange, @Ctx() context: SubgraphContext) {
    return stageById(context).load(change.toStageId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who moved it; null for an API key.' })
  actor(@Root() change: DealStageChange): User | null {
    return reference(User, change.actorId);
  }
}

@Resolver(() => Company)
export class CompanyDealsResolver {
  @FieldResolver(() => DealConnection, { description: 'Deals with the company.' })
  deals(
    @Root() company: Company,
    @Args(() => DealListArgs) list: DealListArgs,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Deal> {
    return dealsOfCompany(context, company.id, { ...list, ...page });
  }
}

@Resolver(() => Contact)
export class ContactDealsResolver {
  @FieldResolver(() => DealConnection, { description: 'Deals with the person.' })
  deals(
    @Root() contact: Contact,
    @Args(() => DealListArgs) list: DealListArgs,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Deal> {
    return dealsOfContact(context, contact.id, { ...list, ...page });
  }
}

@Resolver(() => User)
export class UserDealsResolver {
  @FieldResolver(() => DealConnection, { description: 'Deals that the person works on.' })
  deals(
    @Root() user: User,
    @Args(() => DealListArgs) list: DealListArgs,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Deal> {
    return dealsOfOwner(context, user.id, { ...list, ...page });
  }
}

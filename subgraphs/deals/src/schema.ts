// The deals subgraph: its entities, resolvers, references and rules in one place.
import { can } from '@crm-graph/shared/graphql/rules';
import type { SubgraphDefinition } from '@crm-graph/shared/subgraph/startSubgraph';
import { Deal } from './Deal.ts';
import { DealEventResolver } from './DealEventResolver.ts';
import { DealMutationResolver } from './DealMutationResolver.ts';
import { DealProduct } from './DealProduct.ts';
import {
  CompanyDealsResolver,
  ContactDealsResolver,
  DealProductResolver,
  DealResolver,
  DealStageChangeResolver,
  UserDealsResolver,
} from './DealResolver.ts';
import { DealStageChange } from './DealStageChange.ts';
import { LiveDealsResolver } from './live/LiveDealsResolver.ts';
import { dealById, pipelineById, productById, stageById } from './loaders.ts';
import { Pipeline } from './Pipeline.ts';
import { PipelineResolver, StageResolver } from './PipelineResolver.ts';
import { Product } from './Product.ts';
import { ProductResolver } from './ProductResolver.ts';
import { permissions } from './permissions.ts';
import { Company, Contact, reference, User } from './references.ts';
import { Stage } from './Stage.ts';

const rule = can('deals:read');

export const deals: SubgraphDefinition = {
  name: 'deals',
  entities: [Pipeline, Stage, Product, Deal, DealProduct, DealStageChange],
  resolvers: [
    DealResolver,
    DealMutationResolver,
    DealEventResolver,
    LiveDealsResolver,
    DealProductResolver,
    DealStageChangeResolver,
    PipelineResolver,
    StageResolver,
    ProductResolver,
    CompanyDealsResolver,
    ContactDealsResolver,
    UserDealsResolver,
  ],
  permissions,
  references: {
    Deal: { rule, resolve: ({ id }, context) => dealById(context).load(id) },
    Pipeline: { rule, resolve: ({ id }, context) => pipelineById(context).load(id) },
    Stage: { rule, resolve: ({ id }, context) => stageById(context).load(id) },
    Product: { rule, resolve: ({ id }, context) => productById(context).load(id) },
    Company: { rule, resolve: ({ id }) => reference(Company, id) },
    Contact: { rule, resolve: ({ id }) => reference(Contact, id) },
    User: { rule, resolve: ({ id }) => reference(User, id) },
  },
};

// Products: read by all, made by managers.
import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { type ConnectionOf, connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import type { FilterFields } from '@crm-graph/shared/graphql/filter';
import { DecimalFilter, IDFilter, StringFilter } from '@crm-graph/shared/graphql/filterInputs';
import { MoneyInput, moneyProblem } from '@crm-graph/shared/graphql/Money';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import { MutationInput, MutationPayload } from '@crm-graph/shared/mutation/MutationInput';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import { reject } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import {
  Arg,
  Args,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { v7 as uuidv7 } from 'uuid';
import { productById } from './loaders.ts';
import { Product } from './Product.ts';

const { Connection: ProductConnection } = connectionOf(Product, 'Product');

@InputType({ description: 'Which products.' })
export class ProductFilter {
  @Field(() => [ProductFilter], { nullable: true, description: 'All of these.' })
  and?: ProductFilter[] | null;

  @Field(() => [ProductFilter], { nullable: true, description: 'At least one of these.' })
  or?: ProductFilter[] | null;

  @Field(() => ProductFilter, { nullable: true, description: 'Not this.' })
  not?: ProductFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By id.' })
  id?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By name.' })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By series.' })
  series?: StringFilter | null;

  @Field(() => DecimalFilter, { nullable: true, description: 'By list price.' })
  price?: DecimalFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By id in another system.' })
  externalId?: StringFilter | null;
}

const filterFields: FilterFields = {
  id: 'id',
  name: 'name',
  series: 'series',
  price: 'priceAmount',
  externalId: 'externalId',
};

@InputType({ description: 'A product to create.' })
export class CreateProductInput extends MutationInput {
  @Field(() => String, { description: 'The name, 1 to 200 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The family of products it belongs to.' })
  series?: string | null;

  @Field(() => MoneyInput, { description: 'The list price of one, at least 0.' })
  price!: MoneyInput;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  externalId?: string | null;
}

@ObjectType({ description: 'What became of creating a product.' })
export class ProductPayload extends MutationPayload {
  @Field(() => Product, { nullable: true, description: 'The product; null on errors.' })
  product?: Product | null;
}

const maxName = 200;

async function createProduct(
  { manager, identity }: MutationScope,
  input: CreateProductInput,
): Promise<string> {
  const { name, price } = input;
  if (name.trim() === '' || name.length > maxName) {
    reject('INVALID', ['input', 'name'], `A name has 1 to ${maxName} characters.`);
  }
  const problem = moneyProblem(price);
  if (problem) reject('INVALID', ['input', 'price', problem.field], problem.message);
  if (price.amount.startsWith('-')) {
    reject('INVALID', ['input', 'price', 'amount'], 'At least 0.');
  }
  const id = uuidv7();
  await manager.insert(Product, {
    organizationId: identity.organizationId,
    id,
    name,
    series: input.series ?? null,
    priceAmount: price.amount,
    currency: price.currency,
    externalId: input.externalId ?? null,
  });
  return id;
}

@Resolver(() => Product)
export class ProductResolver {
  @Query(() => ProductConnection, { description: 'Products, oldest first.' })
  products(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'Which.' })
    filter: ProductFilter | null,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Product> {
    return paginate(context, { entity: Product, filter, filterFields, ...page });
  }

  @Query(() => Product, { nullable: true, description: 'A product; null when there is none.' })
  async product(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Product | undefined> {
    return productById(context).load(id);
  }

  @Mutation(() => ProductPayload, { description: 'Creates a product.' })
  async createProduct(
    @Arg('input', () => CreateProductInput, { description: 'The product.' })
    input: CreateProductInput,
    @Ctx() context: SubgraphContext,
  ): Promise<ProductPayload> {
    const { record, ...rest } = await mutateRecord(
      context,
      'createProduct',
      input,
      createProduct,
      productById,
    );
    return { product: record, ...rest };
  }
}

// A product within a deal, with quantity and price agreed.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Money } from '@crm-graph/shared/graphql/Money';
import { DecimalScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Deal } from './Deal.ts';
import { Product } from './Product.ts';

@Entity()
@Index('ix_deal_product_deal', ['organizationId', 'dealId'])
@Index('ix_deal_product_product', ['organizationId', 'productId'])
@ForeignKey(() => Deal, ['organizationId', 'dealId'], ['organizationId', 'id'], {
  name: 'fk_deal_product_deal_id',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Product, ['organizationId', 'productId'], ['organizationId', 'id'], {
  name: 'fk_deal_product_product_id',
})
@ObjectType({ description: 'A product within a deal, with quantity and price agreed.' })
export class DealProduct extends TenantEntity {
  @Column('uuid')
  dealId!: string;

  @Column('uuid')
  productId!: string;

  @Field(() => DecimalScalar, { description: 'How many.' })
  @Column('numeric')
  quantity!: string;

  @Column('numeric', { name: 'unit_price' })
  unitPriceAmount!: string;

  @Column('text')
  currency!: string;

  @Field(() => Money, { description: 'The price of one in this deal.' })
  unitPrice(): Money {
    return { amount: this.unitPriceAmount, currency: this.currency };
  }
}

// What is sold, with its list price.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Money } from '@crm-graph/shared/graphql/Money';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index } from 'typeorm';

@Entity()
@Index('uq_product_external_id', ['organizationId', 'externalId'], { unique: true })
@Directive('@key(fields: "id")')
@ObjectType({ description: 'What is sold, with its list price.' })
export class Product extends TenantEntity {
  @Field(() => String, { description: 'The name, for people.' })
  @Column('text')
  name!: string;

  @Field(() => String, { nullable: true, description: 'The family of products it belongs to.' })
  @Column('text', { nullable: true })
  series!: string | null;

  @Column('numeric', { name: 'price' })
  priceAmount!: string;

  @Column('text')
  currency!: string;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  @Column('text', { nullable: true })
  externalId!: string | null;

  @Field(() => Money, { description: 'The list price of one.' })
  price(): Money {
    return { amount: this.priceAmount, currency: this.currency };
  }
}

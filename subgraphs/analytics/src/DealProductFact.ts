// A product line of a deal; the lines of a deal are replaced together.
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { DealFact } from './DealFact.ts';

@Entity('deal_product_fact')
@ForeignKey(() => DealFact, ['organizationId', 'dealId'], ['organizationId', 'id'], {
  name: 'fk_deal_product_fact_deal',
  onDelete: 'CASCADE',
})
export class DealProductFact {
  @PrimaryColumn('uuid')
  organizationId!: string;

  @PrimaryColumn('uuid')
  dealId!: string;

  /** Counts from 1; the same product may be in several lines. */
  @PrimaryColumn('integer')
  line!: number;

  @Column('uuid')
  productId!: string;

  @Column('numeric')
  quantity!: string;

  @Column('numeric')
  unitPrice!: string;

  @Column('text', { nullable: true })
  currency!: string | null;
}

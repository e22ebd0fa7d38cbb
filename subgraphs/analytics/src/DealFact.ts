// A deal as figures need it: the state after the last event read of it.
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('deal_fact')
@Index('ix_deal_fact_closed', ['organizationId', 'stageKind', 'actualCloseDate'])
export class DealFact {
  @PrimaryColumn('uuid')
  organizationId!: string;

  /** The deal's id. */
  @PrimaryColumn('uuid')
  id!: string;

  /** The deal's version. */
  @Column('integer')
  version!: number;

  @Column('numeric', { nullable: true })
  amount!: string | null;

  @Column('text', { nullable: true })
  currency!: string | null;

  @Column('uuid')
  pipelineId!: string;

  /** OPEN, WON or LOST. */
  @Column('text')
  stageKind!: string;

  @Column('uuid', { nullable: true })
  ownerId!: string | null;

  @Column('date', { nullable: true })
  openedOn!: string | null;

  @Column('date', { nullable: true })
  actualCloseDate!: string | null;
}

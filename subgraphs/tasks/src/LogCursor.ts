// How far this subgraph has read another one's log. Saved in the transaction that writes what the
// events cause, so that each event takes effect exactly once.
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('log_cursor')
export class LogCursor {
  @PrimaryColumn('uuid')
  organizationId!: string;

  @PrimaryColumn('text')
  log!: string;

  /** Of the last event taken; Postgres gives a bigint as text. */
  @Column('bigint')
  position!: string;
}

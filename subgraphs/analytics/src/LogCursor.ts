// How far the read model has read an organization's log. Saved in the transaction that applies the
// events, and locked by it: two processes never apply the same event.
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('log_cursor')
export class LogCursor {
  @PrimaryColumn('uuid')
  organizationId!: string;

  @PrimaryColumn('text')
  log!: string;

  /** Of the last event applied; Postgres gives a bigint as text. */
  @Column('bigint')
  position!: string;
}

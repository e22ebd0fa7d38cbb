// The refresh tokens of a session, spent ones included: that one comes back is how theft shows.
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Session } from './Session.ts';

@Entity('refresh_token')
@ForeignKey(() => Session, ['organizationId', 'sessionId'], ['organizationId', 'id'], {
  name: 'fk_refresh_token_session_id',
  onDelete: 'CASCADE',
})
export class RefreshToken {
  @PrimaryColumn('uuid')
  organizationId!: string;

  @PrimaryColumn('uuid')
  sessionId!: string;

  /** SHA-256 of the secret: it is 32 random bytes, so nothing slower is needed. */
  @PrimaryColumn('text')
  hash!: string;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  spentAt!: Date | null;
}

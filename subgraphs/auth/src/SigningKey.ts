// A key pair that signs access tokens. Of the installation, not of an organization.

import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JWK } from './jwk.ts';

@Entity('signing_key')
export class SigningKey {
  @PrimaryColumn('text')
  kid!: string;

  @Column('jsonb')
  publicKey!: JWK;

  /** PKCS #8, encrypted: see shared/src/keyEncryption.ts. */
  @Column('bytea')
  privateKey!: Buffer;

  /** Published at once, but signs from here on only: verifiers know it by then. */
  @Column('timestamptz')
  activeFrom!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}

// What every record of an organization has: the composite key, a version for optimistic concurrency, two times.
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, PrimaryColumn } from 'typeorm';
import { DateTimeScalar } from '../graphql/scalars.ts';

@ObjectType()
export abstract class TenantEntity {
  @PrimaryColumn('uuid')
  organizationId!: string;

  @Field(() => ID, { description: 'UUIDv7, unique within the organization.' })
  @PrimaryColumn('uuid')
  id!: string;

  @Field(() => Int, { description: 'Counts the changes; give it back as `expectedVersion`.' })
  @Column('integer', { default: 1 })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was created.' })
  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  @Column('timestamptz', { default: () => 'now()' })
  updatedAt!: Date;
}

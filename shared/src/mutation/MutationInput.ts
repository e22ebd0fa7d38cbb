// The input and payload fields that all mutations share.
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ListSize } from '../graphql/cost.ts';
import { maxUserErrors, UserError } from './UserError.ts';

@InputType()
export abstract class MutationInput {
  @Field(() => String, {
    nullable: true,
    description: 'Up to 200 characters. A retry with the same key and input is carried out once.',
  })
  idempotencyKey?: string | null;
}

@InputType()
export abstract class UpdateInput extends MutationInput {
  @Field(() => ID, { description: 'The record.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version last seen; CONFLICT if it has changed since.',
  })
  expectedVersion?: number | null;
}

@ObjectType()
export abstract class MutationPayload {
  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last event that this mutation wrote; null when nothing changed.',
  })
  cursor?: string | null;

  @ListSize({ assumedSize: maxUserErrors })
  @Field(() => [UserError], { description: 'Empty when the mutation was carried out.' })
  userErrors!: UserError[];
}

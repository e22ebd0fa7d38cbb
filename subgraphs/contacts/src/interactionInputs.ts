// The inputs and payloads of interaction mutations.
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { MutationPayload, UpdateInput } from '@crm-graph/shared/mutation/MutationInput';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Interaction, InteractionType } from './Interaction.ts';
import { optional, texts } from './inputTexts.ts';

@InputType()
export abstract class InteractionFields {
  @Field(() => String, optional('What was said or written, up to 100,000 characters.'))
  body?: string | null;

  @Field(() => Int, optional('How long it took, in minutes.'))
  durationMinutes?: number | null;

  @Field(() => String, optional(texts.externalId))
  externalId?: string | null;
}

@InputType({ description: 'An interaction to record.' })
export class CreateInteractionInput extends InteractionFields {
  @Field(() => ID, optional(texts.id))
  id?: string | null;

  @Field(() => InteractionType, { description: 'How.' })
  type!: InteractionType;

  @Field(() => ID, { description: 'With whom, or about whom.' })
  contactId!: string;

  @Field(() => String, { description: 'What it was about, 1 to 500 characters.' })
  subject!: string;

  @Field(() => DateTimeScalar, optional('When it took place; now when absent.'))
  occurredAt?: Date | null;

  @Field(() => ID, optional('Who recorded it; you when absent, nobody when null.'))
  authorId?: string | null;

  @Field(() => String, optional(texts.idempotencyKey))
  idempotencyKey?: string | null;
}

@InputType({ description: 'What to change in an interaction. Absent: stays. Null: becomes empty.' })
export class UpdateInteractionInput extends InteractionFields {
  @Field(() => ID, { description: 'The interaction.' })
  id!: string;

  @Field(() => Int, optional(texts.expectedVersion))
  expectedVersion?: number | null;

  @Field(() => InteractionType, optional('How.'))
  type?: InteractionType | null;

  @Field(() => ID, optional('With whom, or about whom.'))
  contactId?: string | null;

  @Field(() => String, optional('What it was about, 1 to 500 characters.'))
  subject?: string | null;

  @Field(() => DateTimeScalar, optional('When it took place.'))
  occurredAt?: Date | null;

  @Field(() => ID, optional('Who recorded it.'))
  authorId?: string | null;

  @Field(() => String, optional(texts.idempotencyKey))
  idempotencyKey?: string | null;
}

@InputType({ description: 'The interaction to delete.' })
export class DeleteInteractionInput extends UpdateInput {}

@ObjectType({ description: 'What became of creating or updating an interaction.' })
export class InteractionPayload extends MutationPayload {
  @Field(() => Interaction, optional('The interaction as it is now; null on errors.'))
  interaction?: Interaction | null;
}

@ObjectType({ description: 'What became of deleting an interaction.' })
export class DeleteInteractionPayload extends MutationPayload {
  @Field(() => ID, optional('The interaction deleted; null on errors.'))
  deletedId?: string | null;
}

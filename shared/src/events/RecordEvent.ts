// What the events of all kinds of records show alike; each subgraph adds the type and the record.
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ListSize } from '../graphql/cost.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { FieldChange, maxFields } from '../mutation/FieldChange.ts';
import type { LogEvent } from './LogEvent.ts';

@ObjectType()
export abstract class RecordEvent {
  @Field(() => String, { description: 'Its place in the log; give it as `after` to resume.' })
  cursor!: string;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  occurredAt!: Date;

  @Field(() => ID, { description: 'The id of the record it happened to.' })
  entityId!: string;

  @Field(() => Int, { description: "The record's version after it." })
  version!: number;

  @ListSize({ assumedSize: maxFields })
  @Field(() => [FieldChange], { description: 'The fields that changed.' })
  changes!: FieldChange[];

  /** As the log has it. */
  logged!: LogEvent;
}

/** `type` is the name of the event; enums of event types map to it. */
export function recordEvent<Event extends RecordEvent>(
  Type: new () => Event,
  cursor: string,
  logged: LogEvent,
): Event {
  const { type, occurredAt, entityId, version, changes } = logged;
  const shown = { cursor, type, entityId, version, changes, occurredAt: new Date(occurredAt) };
  return Object.assign(new Type(), shown, { logged });
}

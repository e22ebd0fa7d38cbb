// What changed in a record: in events, and in the answer to a stale `expectedVersion`.
import { Directive, Field, ObjectType } from 'type-graphql';

/** Above the number of fields of any record. */
export const maxFields = 50;

@Directive('@shareable')
@ObjectType({ description: 'A changed field with its old and new value as text.' })
export class FieldChange {
  @Field(() => String, { description: 'The name of the field.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The value before; lists and objects as JSON.',
  })
  from!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The value after; lists and objects as JSON.',
  })
  to!: string | null;
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** In records, but no change of its own: they go with whatever changed. */
const bookkeeping: ReadonlySet<string> = new Set(['version', 'createdAt', 'updatedAt']);

/** The fields of two snapshots that differ. A missing snapshot (created, deleted) counts as all null. */
export function changesOf(
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>> | undefined,
): FieldChange[] {
  const fields = Object.keys({ ...before, ...after }).filter((field) => !bookkeeping.has(field));
  return fields
    .map((field) => ({ field, from: asText(before?.[field]), to: asText(after?.[field]) }))
    .filter(({ from, to }) => from !== to);
}

// Errors that the caller of a mutation can mend: part of the payload, typed, nothing written.
import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ListSize } from '../graphql/cost.ts';
import { FieldChange, maxFields } from './FieldChange.ts';

/** More at once helps nobody to mend them, and what a mutation may answer stays known. */
export const maxUserErrors = 20;

export enum UserErrorCode {
  ALREADY_EXISTS = 'ALREADY_EXISTS',
  CONFLICT = 'CONFLICT',
  IDEMPOTENCY_KEY_REUSED = 'IDEMPOTENCY_KEY_REUSED',
  INVALID = 'INVALID',
  IN_USE = 'IN_USE',
  NOT_FOUND = 'NOT_FOUND',
  REQUIRED = 'REQUIRED',
}

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'What was wrong with the input of a mutation.',
  valuesConfig: {
    ALREADY_EXISTS: { description: 'The id, e-mail or external id is taken.' },
    CONFLICT: { description: 'Changed since `expectedVersion`; `conflict` has what changed.' },
    IDEMPOTENCY_KEY_REUSED: { description: 'The key was used with another input or by another.' },
    INVALID: { description: 'The value has the wrong form or is out of range.' },
    IN_USE: { description: 'Other records still refer to it.' },
    NOT_FOUND: { description: 'No such record in this organization.' },
    REQUIRED: { description: 'A value is needed here.' },
  },
});

@Directive('@shareable')
@ObjectType({ description: 'What happened since the version that the caller expected.' })
export class Conflict {
  @Field(() => Int, { description: 'The version that the record has now.' })
  currentVersion!: number;

  @ListSize({ assumedSize: maxFields })
  @Field(() => [FieldChange], { description: 'Fields changed by others since then.' })
  changes!: FieldChange[];
}

@Directive('@shareable')
@ObjectType({ description: 'An error that the caller can mend. Nothing was written.' })
export class UserError {
  @Field(() => UserErrorCode, { description: 'Stable; for programs.' })
  code!: UserErrorCode;

  @Field(() => [String], { nullable: true, description: 'Path of the input field at fault.' })
  field?: string[] | null;

  @Field(() => String, { description: 'What was expected; for people.' })
  message!: string;

  @Field(() => Conflict, { nullable: true, description: 'With CONFLICT: what changed.' })
  conflict?: Conflict | null;
}

export interface UserErrorInput extends Omit<UserError, 'code'> {
  code: keyof typeof UserErrorCode;
}

/** Thrown inside `mutate`: rolls back and becomes the payload's `userErrors`. */
export class UserErrors extends Error {
  readonly userErrors: UserError[];

  constructor(userErrors: readonly UserErrorInput[]) {
    super(userErrors.map(({ message }) => message).join(' '));
    this.name = 'UserErrors';
    const told = userErrors.slice(0, maxUserErrors);
    this.userErrors = told.map((error) => ({ ...error, code: UserErrorCode[error.code] }));
  }
}

/** Throws one user error. */
export function reject(code: keyof typeof UserErrorCode, field: string[], message: string): never {
  throw new UserErrors([{ code, field, message }]);
}

// Collects what is wrong with the fields of an input, all at once, before anything is written.
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { validate as isUuid, version as uuidVersion } from 'uuid';

type Value<Type> = Type | null | undefined;

export class FieldProblems {
  readonly found: UserErrorInput[] = [];
  readonly #path: readonly string[];

  /** Fields are relative to `path`. */
  constructor(path: readonly string[]) {
    this.#path = path;
  }

  add(code: UserErrorInput['code'], field: string | string[], message: string): void {
    this.found.push({ code, field: [...this.#path, ...[field].flat()], message });
  }

  /** A text that may be absent but not empty. */
  text(field: string | string[], value: Value<string>, maxLength: number): void {
    if (value == null) return;
    if (value.trim() === '' || value.length > maxLength || value.includes('\0')) {
      this.add('INVALID', field, `${[field].flat().at(-1)} has 1 to ${maxLength} characters.`);
    }
  }

  /** A text that may be absent in an update, but cannot be taken away. */
  required(field: string, value: Value<string>, maxLength: number): void {
    if (value === null) this.add('REQUIRED', field, `${field} cannot be empty.`);
    this.text(field, value, maxLength);
  }

  /** The id of a record that exists. */
  reference(field: string, value: Value<string>): void {
    if (value != null && !isUuid(value)) this.add('INVALID', field, 'Not an id.');
  }

  /** The id of a record to be created. */
  newId(field: string, value: Value<string>): void {
    if (value != null && !(isUuid(value) && uuidVersion(value) === 7)) {
      this.add('INVALID', field, 'An id of your making is a UUIDv7.');
    }
  }

  range(field: string, value: Value<number>, from: number, to: number): void {
    if (value != null && (value < from || value > to)) {
      this.add('INVALID', field, `${field} is ${from} to ${to}.`);
    }
  }
}

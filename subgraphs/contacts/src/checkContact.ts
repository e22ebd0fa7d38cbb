// What makes the input of a contact acceptable, beyond its types.
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import type { ContactFields } from './contactInputs.ts';
import { FieldProblems } from './FieldProblems.ts';

const maxText = 200;
/** RFC 5321, 4.5.3.1.3: 256 octets with the angle brackets. */
const maxEmail = 254;
const maxPhone = 50;
const maxTag = 50;
const maxTags = 50;
const maxWays = 20;
const emailForm = /^[^\s@<>()[\]\\,;:"]+@[^\s@.]+(\.[^\s@.]+)+$/u;
const phoneForm = /^[+\d][\d\s()./-]*(\s*(x|ext\.?)\s*\d+)?$/i;

export interface CheckedContact extends ContactFields {
  ownerId?: string | null;
}

/** What is wrong with `input`; fields are relative to `path`. `newId` is the id of a contact to be. */
export function contactProblems(
  input: CheckedContact,
  path: readonly string[],
  newId?: string | null,
): UserErrorInput[] {
  const problems = new FieldProblems(path);
  problems.newId('id', newId);
  for (const field of ['firstName', 'lastName', 'jobTitle', 'externalId'] as const) {
    problems.text(field, input[field], maxText);
  }
  problems.reference('companyId', input.companyId);
  problems.reference('ownerId', input.ownerId);
  checkWays(problems, 'emails', input.emails, ({ address }) => address);
  for (const [index, { address }] of (input.emails ?? []).entries()) {
    if (address.length > maxEmail || !emailForm.test(address.trim())) {
      problems.add('INVALID', ['emails', String(index), 'address'], 'Not an e-mail address.');
    }
  }
  checkWays(problems, 'phones', input.phones, ({ number }) => number);
  for (const [index, { number }] of (input.phones ?? []).entries()) {
    if (number.length > maxPhone || !phoneForm.test(number.trim())) {
      problems.add('INVALID', ['phones', String(index), 'number'], 'Not a phone number.');
    }
  }
  if ((input.tags?.length ?? 0) > maxTags) {
    problems.add('INVALID', 'tags', `A contact has at most ${maxTags} tags.`);
  }
  for (const [index, tag] of (input.tags ?? []).entries()) {
    problems.text(['tags', String(index)], tag, maxTag);
  }
  return problems.found;
}

/** A contact is called something. */
export function requireName(
  { firstName, lastName }: { firstName?: string | null; lastName?: string | null },
  path: readonly string[],
): UserErrorInput[] {
  if (firstName != null || lastName != null) return [];
  const message = 'A contact has a first or a last name.';
  return [{ code: 'REQUIRED', field: [...path, 'lastName'], message }];
}

function checkWays<Way extends { label?: string | null; primary?: boolean | null }>(
  problems: FieldProblems,
  field: 'emails' | 'phones',
  ways: readonly Way[] | null | undefined,
  textOf: (way: Way) => string,
): void {
  if (!ways) return;
  if (ways.length > maxWays) problems.add('INVALID', field, `At most ${maxWays}.`);
  if (ways.filter(({ primary }) => primary).length > 1) {
    problems.add('INVALID', field, 'At most one is primary.');
  }
  if (new Set(ways.map((way) => textOf(way).trim().toLowerCase())).size < ways.length) {
    problems.add('INVALID', field, 'Each is given once.');
  }
  for (const [index, { label }] of ways.entries()) {
    problems.text([field, String(index), 'label'], label, maxTag);
  }
}

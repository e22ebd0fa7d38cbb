// What texts of this subgraph's inputs have to look like; each failure names its input field.
import { reject } from '@crm-graph/shared/mutation/UserError';

const maxLength = 200;
/** RFC 5321: 64 for the name, 255 for the domain. */
const maxEmailLength = 320;
/* One @, a dot in the domain, no spaces: whether it exists only a message to it can tell. */
const emailForm = /^[^\s@\0]+@[^\s@\0]+\.[^\s@\0]+$/;

/** A text that must have content, without surrounding spaces. */
export const readText = (text: string, field: string[]): string => {
  const trimmed = text.trim();
  if (trimmed === '') reject('REQUIRED', field, 'A text is needed here.');
  if (trimmed.length > maxLength) {
    reject('INVALID', field, `A text here has at most ${maxLength} characters.`);
  }
  if (trimmed.includes('\0')) reject('INVALID', field, 'A text cannot contain U+0000.');
  return trimmed;
};

/** As readText; null and an empty text take the value away. */
export const readOptionalText = (
  text: string | null | undefined,
  field: string[],
): string | null => (text == null || text.trim() === '' ? null : readText(text, field));

export const readEmail = (text: string, field: string[]): string => {
  const email = text.trim();
  if (email.length > maxEmailLength || !emailForm.test(email)) {
    reject('INVALID', field, 'This is not an e-mail address.');
  }
  return email;
};

// Passwords: argon2id with the parameters OWASP recommends (19 MiB, 2 passes, 1 lane: the
// library's defaults, written out so that an update cannot weaken them).

import { reject } from '@crm-graph/shared/mutation/UserError';
import { hash, verify } from '@node-rs/argon2';

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const minLength = 8;
/** Beyond this, hashing is work for nothing. */
const maxLength = 200;

const isAcceptable = ({ length }: string): boolean => length >= minLength && length <= maxLength;

/** Throws a user error for the input field unless the password is acceptable. */
export const checkPassword = (password: string, field: string[]): void => {
  if (!isAcceptable(password)) {
    reject('INVALID', field, `A password has ${minLength} to ${maxLength} characters.`);
  }
};

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

/**
 * The hash that a mutation is going to store, made before its transaction: it takes tens of milliseconds, in which no
 * row may be locked. Null without a password, or with one that `checkPassword` is going to refuse.
 */
export const hashBeforehand = async (
  password: string | null | undefined,
): Promise<string | null> =>
  password != null && isAcceptable(password) ? hashPassword(password) : null;

let dummy: Promise<string> | undefined;

/**
 * Whether the password is the one hashed. Costs one verification also where there is no hash, so
 * that time does not tell an unknown address from a wrong password.
 */
export const isPassword = async (password: string, hashed: string | null): Promise<boolean> => {
  dummy ??= hashPassword('nobody has this password');
  const matches = await verify(hashed ?? (await dummy), password.slice(0, maxLength + 1));
  return matches && hashed !== null;
};

/** Makes the hash for unknown addresses beforehand: the first login must not take longer. */
export const warmUp = async (): Promise<void> => {
  await isPassword('', null);
};

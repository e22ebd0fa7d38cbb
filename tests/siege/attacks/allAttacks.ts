// The attacks of a siege, in the order in which they are made.
import type { Attack, Variant } from './Attack.ts';
import { distinctDocuments } from './distinctDocuments.ts';
import { heavySearch } from './heavySearch.ts';
import { introspection } from './introspection.ts';
import { multipliedWrites } from './multipliedWrites.ts';
import { nestedPages } from './nestedPages.ts';
import { repeatedFields } from './repeatedFields.ts';
import { unreadAnswers } from './unreadAnswers.ts';

export const allAttacks: readonly Attack[] = [
  nestedPages,
  repeatedFields,
  distinctDocuments,
  introspection,
  heavySearch,
  unreadAnswers,
  /* Last: what it writes stays. */
  multipliedWrites,
];

/** Throws where there is none of these names. */
export const variantOf = (attackName: string, variantName: string): Variant => {
  const attack = allAttacks.find(({ name }) => name === attackName);
  const variant = attack?.variants.find(({ name }) => name === variantName);
  if (!variant) throw new Error(`There is no attack ${attackName}, ${variantName}`);
  return variant;
};

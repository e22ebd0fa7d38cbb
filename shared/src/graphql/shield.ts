// graphql-shield, loaded through its CommonJS build: the ESM build imports `util.isUndefined`,
// which Node removed, and fails to load. For the same reason `chain` and `race` are not offered.
// What makes a rule here also notes whether it can read anything but the caller's claims.
import { createRequire } from 'node:module';
import type { Identity } from '../identity/Identity.ts';

type Shield = typeof import('graphql-shield');

/** A rule or a combination of rules. */
export type ShieldRule = Parameters<Shield['and']>[number];

const loaded = createRequire(import.meta.url)('graphql-shield') as Shield;

export const shield: Shield['shield'] = loaded.shield;
/** A rule that may read whatever it is given: parents, arguments, the request's context. */
export const rule: Shield['rule'] = loaded.rule;
export const allow: Shield['allow'] = loaded.allow;
export const deny: Shield['deny'] = loaded.deny;

const claimsOnly = new WeakSet<ShieldRule>([allow, deny]);

/**
 * True for rules that decide by the caller's identity alone, so that one answer holds for all that
 * the caller asks. Any rule that was not made of such by this file is taken to read arguments.
 */
export const readsOnlyClaims = (of: ShieldRule): boolean => claimsOnly.has(of);

/**
 * A rule that is given the identity and nothing else; undefined: nobody has logged in. It answers
 * the same for the same identity, since it is not asked again; rules of one name must be one rule.
 */
export const claimsRule = (
  name: string,
  decide: (identity: Identity | undefined) => true | Error,
): ShieldRule => {
  const made = rule(name, { cache: 'contextual' })(
    (_parent: unknown, _args: unknown, { identity }: { identity?: Identity | undefined }) =>
      decide(identity),
  );
  claimsOnly.add(made);
  return made;
};

export const and: Shield['and'] = (...parts) => combined(loaded.and(...parts), parts);
export const or: Shield['or'] = (...parts) => combined(loaded.or(...parts), parts);
export const not: Shield['not'] = (part, error) => combined(loaded.not(part, error), [part]);

/** A combination reads what its parts read. */
const combined = <Made extends ShieldRule>(made: Made, parts: readonly ShieldRule[]): Made => {
  if (parts.every(readsOnlyClaims)) claimsOnly.add(made);
  return made;
};

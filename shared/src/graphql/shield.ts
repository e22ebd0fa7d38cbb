// graphql-shield, loaded through its CommonJS build: the ESM build imports `util.isUndefined`,
// which Node removed, and fails to load. For the same reason `chain` and `race` are not offered.
import { createRequire } from 'node:module';

type Shield = typeof import('graphql-shield');

/** A rule or a combination of rules. */
export type ShieldRule = Parameters<Shield['and']>[number];

const loaded = createRequire(import.meta.url)('graphql-shield') as Shield;

export const shield: Shield['shield'] = loaded.shield;
export const rule: Shield['rule'] = loaded.rule;
export const allow: Shield['allow'] = loaded.allow;
export const deny: Shield['deny'] = loaded.deny;
export const and: Shield['and'] = loaded.and;
export const or: Shield['or'] = loaded.or;
export const not: Shield['not'] = loaded.not;

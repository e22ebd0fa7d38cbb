// A rule over claims that notes whom it was asked about.
import { denied } from '@crm-graph/shared/graphql/rules';
import { claimsRule, type ShieldRule } from '@crm-graph/shared/graphql/shield';
import type { Identity } from '@crm-graph/shared/identity/Identity';

export interface CountedRule {
  rule: ShieldRule;
  /** One for each time the rule was asked. */
  asked: (Identity | undefined)[];
}

export const countedRule = (
  name: string,
  holds: (identity: Identity | undefined) => boolean,
): CountedRule => {
  const asked: (Identity | undefined)[] = [];
  const rule = claimsRule(name, (identity) => {
    asked.push(identity);
    return holds(identity) || denied(name, identity);
  });
  return { rule, asked };
};

// Which rules are answered once per identity: only those that cannot have read anything else.
import { createRequire } from 'node:module';
import {
  anyone,
  authenticated,
  can,
  canFollowDeals,
  identityRule,
  person,
} from '@crm-graph/shared/graphql/rules';
import {
  allow,
  and,
  claimsRule,
  deny,
  not,
  or,
  readsOnlyClaims,
  rule,
  type ShieldRule,
} from '@crm-graph/shared/graphql/shield';

const raw = createRequire(__filename)('graphql-shield') as typeof import('graphql-shield');

const ownName = rule('own name')((_parent, { name }) => name === 'Ada');
const claims = { anyone, authenticated, person, canFollowDeals, can: can('deals:read') };

describe('readsOnlyClaims', () => {
  it.each<[string, ShieldRule]>([
    ...Object.entries(claims),
    ['allow', allow],
    ['deny', deny],
    ['identityRule', identityRule('of role', ({ role }) => role === 'ADMIN')],
    ['claimsRule', claimsRule('logged in', (identity) => identity !== undefined || new Error())],
    ['and of such', and(can('deals:read'), person)],
    ['or of such', or(can('deals:read'), not(person), deny)],
    ['not of such', not(authenticated, new Error('Log out first'))],
  ])('holds for %s', (_name, of) => {
    expect(readsOnlyClaims(of)).toBe(true);
  });

  it.each<[string, ShieldRule]>([
    ['rule', ownName],
    ['rule that is cached per request', rule('cached', { cache: 'contextual' })(() => true)],
    ['and with one that reads arguments', and(can('deals:read'), ownName)],
    ['or with one that reads arguments', or(ownName, can('deals:read'))],
    ['not of one that reads arguments', not(ownName)],
    ['a combination of combinations', or(person, and(authenticated, not(ownName)))],
    ['a rule made by shield itself', raw.rule('bare', { cache: 'contextual' })(() => true)],
    ['a combination made by shield itself', raw.and(anyone)],
    ['an input rule', raw.inputRule('input')((yup) => yup.object())],
  ])('does not hold for %s', (_name, of) => {
    expect(readsOnlyClaims(of)).toBe(false);
  });

  it('is asked of a rule that gets the identity alone', async () => {
    const given: unknown[][] = [];
    const spying = claimsRule('spying', (...all) => {
      given.push(all);
      return true;
    });
    const identity = { role: 'USER' };
    const context = { identity, requestId: 'r', _shield: { cache: {} } };
    await spying.resolve({ id: 1 }, { name: 'Ada' }, context, {} as never, {} as never);
    expect(given).toEqual([[identity]]);
  });
});

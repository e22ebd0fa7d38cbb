// What rules over claims say of an identity: the same as shield says field by field, asked once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Guard, guardsOf } from '@crm-graph/gateway/graph/rules/guards';
import { IdentityVerdicts, type Verdicts } from '@crm-graph/gateway/graph/rules/IdentityVerdicts';
import { ruleTree } from '@crm-graph/gateway/graph/rules/ruleTree';
import { can, denied, type RuleContext } from '@crm-graph/shared/graphql/rules';
import { claimsRule, deny, shield } from '@crm-graph/shared/graphql/shield';
import { type Identity, permissions, roles } from '@crm-graph/shared/identity/Identity';
import { buildSchema, GraphQLError } from 'graphql';
import { root } from '../../../runningStack.ts';
import { countedRule } from './countedRule.ts';
import { survivors } from './garbage.ts';
import { identityWith } from './identityWith.ts';

const api = buildSchema(readFileSync(join(root, 'schema/api.graphql'), 'utf8'));
const small = buildSchema('type Query { a: Int, b: Int }');

const said = (error: unknown) =>
  error instanceof GraphQLError ? { message: error.message, ...error.extensions } : error;

const verdictsOf = (tree: Parameters<typeof guardsOf>[1]): IdentityVerdicts =>
  new IdentityVerdicts(guardsOf(small, tree).values());

const reasons = (verdicts: Verdicts) => [...verdicts.values()].map(said);

describe('over the API', () => {
  const tree = ruleTree(api);
  const guards = guardsOf(api, tree);
  const verdicts = new IdentityVerdicts(guards.values());
  const middleware = shield(tree, {
    fallbackRule: deny,
    fallbackError: (_error, _parent, _args, context) =>
      denied('deny', (context as RuleContext).identity),
  }).generate(api) as Record<string, Record<string, (...all: unknown[]) => Promise<unknown>>>;
  const byShield = async (coordinate: string, identity: Identity | undefined) => {
    const [type = '', field = ''] = coordinate.split('.');
    return said(await middleware[type]?.[field]?.(() => undefined, {}, {}, { identity }, {}));
  };

  it.each<[string, Identity | undefined]>([
    ['nobody', undefined],
    ...roles.map((role): [string, Identity] => [role, identityWith({ role })]),
    ...permissions.map((scope): [string, Identity] => [
      `a key for ${scope}`,
      identityWith({ kind: 'key', role: 'PARTNER', scopes: [scope] }),
    ]),
    ['a key for nothing', identityWith({ kind: 'key', scopes: [] })],
  ])('says to %s what shield says field by field', async (_name, identity) => {
    const known = await verdicts.of(identity);
    for (const [coordinate, guard] of guards) {
      if (guard.readsArguments) continue;
      expect([coordinate, said(known.get(guard))]).toEqual([
        coordinate,
        await byShield(coordinate, identity),
      ]);
    }
  });

  it('leaves out no field but those whose rule reads arguments', () => {
    const left = [...guards].filter(([, { readsArguments }]) => readsArguments);
    expect(left.map(([coordinate]) => coordinate)).toEqual(['Query.changes']);
  });

  it('shares one guard among the fields of a rule', () => {
    expect(guards.get('Query.deals')).toBe(guards.get('Contact.deals'));
    expect(new Set(guards.values()).size).toBeLessThan(25);
  });
});

describe('IdentityVerdicts', () => {
  const mayNot = (name: string) => ({
    code: 'FORBIDDEN',
    message: `Not allowed: this needs "${name}"`,
    rule: name,
  });

  it('asks each rule once per identity, also when asked by many at the same time', async () => {
    const a = countedRule('a', () => true);
    const b = countedRule('b', () => false);
    const verdicts = verdictsOf({ Query: { a: a.rule, b: b.rule } });
    const [ada, carl] = [identityWith(), identityWith()];
    const first = await Promise.all([verdicts.of(ada), verdicts.of(ada), verdicts.of(carl)]);
    expect(new Set(first).size).toBe(1);
    expect(verdicts.of(ada)).toBe(first[0]);
    expect(verdicts.of(carl)).toBe(first[0]);
    expect(a.asked).toEqual([ada, carl]);
    expect(b.asked).toEqual([ada, carl]);
  });

  it('asks once about nobody', async () => {
    const { rule, asked } = countedRule('a', (identity) => identity !== undefined);
    const verdicts = verdictsOf({ Query: { '*': rule } });
    const known = await verdicts.of(undefined);
    expect(verdicts.of(undefined)).toBe(known);
    expect(asked).toEqual([undefined]);
    expect(reasons(known)).toEqual([
      {
        code: 'UNAUTHENTICATED',
        message: 'Log in first: no access token or API key was sent',
        rule: 'a',
      },
    ]);
    expect(reasons(await verdicts.of(identityWith()))).toEqual([]);
    expect(verdicts.of(undefined)).toBe(known);
  });

  it('tells apart two tokens of one subject that differ in role or scopes', async () => {
    const { rule } = countedRule('delete', (of) => of?.permissions.has('deals:delete') ?? false);
    const verdicts = verdictsOf({ Query: { '*': rule } });
    const identities = [
      identityWith({ role: 'USER' }),
      identityWith({ role: 'MANAGER' }),
      identityWith({ kind: 'key', role: 'MANAGER', scopes: ['deals:read'] }),
      identityWith({ kind: 'key', role: 'USER', scopes: ['deals:delete'] }),
    ];
    const expected = [[mayNot('delete')], [], [mayNot('delete')], []];
    const asked = await Promise.all(identities.map((identity) => verdicts.of(identity)));
    expect(asked.map(reasons)).toEqual(expected);
    const again = identities.toReversed().map((identity) => verdicts.of(identity) as Verdicts);
    expect(again.toReversed().map(reasons)).toEqual(expected);
  });

  it('keeps reasons that name the identity to that identity', async () => {
    const naming = claimsRule('naming', (of) => new GraphQLError(`Not for ${of?.subject}`));
    const verdicts = verdictsOf({ Query: { '*': naming } });
    const [ada, carl] = [identityWith({ subject: 'Ada' }), identityWith({ subject: 'Carl' })];
    const asked = await Promise.all([verdicts.of(ada), verdicts.of(carl)]);
    expect(asked.flatMap(reasons)).toEqual([
      { message: 'Not for Ada' },
      { message: 'Not for Carl' },
    ]);
  });

  it('denies what a faulty rule guards, and nothing else', async () => {
    const faulty = claimsRule('faulty', () => {
      throw new Error('out of order');
    });
    const verdicts = verdictsOf({ Query: { a: faulty, b: countedRule('b', () => true).rule } });
    expect(reasons(await verdicts.of(identityWith()))).toEqual([mayNot('deny')]);
  });

  it('asks again after an answer that never came', async () => {
    let fails = true;
    const guard: Guard = {
      readsArguments: false,
      check: async () => {
        if (fails) throw new Error('gone');
        return undefined;
      },
    };
    const verdicts = new IdentityVerdicts([guard]);
    const identity = identityWith();
    await expect(verdicts.of(identity)).rejects.toThrow('gone');
    fails = false;
    expect((await verdicts.of(identity)).size).toBe(0);
  });

  it('gives reasons that nobody can change for others', async () => {
    const verdicts = verdictsOf({ Query: { '*': countedRule('a', () => false).rule } });
    const [reason] = (await verdicts.of(identityWith())).values();
    expect(() => Object.assign(reason?.extensions ?? {}, { requestId: 'mine' })).toThrow(TypeError);
  });

  it('lets identities go, refused or not', async () => {
    const verdicts = verdictsOf({ Query: { '*': can('deals:delete') } });
    const ask = async (identity: Identity): Promise<WeakRef<object>> => {
      await verdicts.of(identity);
      return new WeakRef(identity);
    };
    const seen: WeakRef<object>[] = [];
    for (const role of ['ADMIN', 'USER', 'PARTNER', 'USER', 'ADMIN'] as const) {
      seen.push(await ask(identityWith({ role })));
    }
    expect(await survivors(seen)).toBe(0);
  });

  it('keeps a bounded number of answers when each identity has its own', async () => {
    const naming = claimsRule('naming', (of) => new GraphQLError(`Not for ${of?.subject}`));
    const verdicts = verdictsOf({ Query: { '*': naming } });
    const answers: WeakRef<object>[] = [];
    for (let i = 0; i < 600; i++) {
      answers.push(new WeakRef(await verdicts.of(identityWith({ subject: `${i}` }))));
    }
    expect(await survivors(answers)).toBeLessThanOrEqual(256);
    expect(verdicts.of(undefined)).toBeInstanceOf(Promise);
  });
});

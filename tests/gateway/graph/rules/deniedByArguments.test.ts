// Rules that read arguments: asked for each request with the arguments as the field would get them.

import type { GatewayContext } from '@crm-graph/gateway/graph/GatewayContext';
import { Authorizer } from '@crm-graph/gateway/graph/rules/Authorizer';
import type { GuardedOperation } from '@crm-graph/gateway/graph/rules/GuardedOperation';
import { guardsOf } from '@crm-graph/gateway/graph/rules/guards';
import { can, denied, type RuleContext } from '@crm-graph/shared/graphql/rules';
import { and, rule } from '@crm-graph/shared/graphql/shield';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { buildSchema, getVariableValues, parse, validate } from 'graphql';
import { countedRule } from './countedRule.ts';
import { identityWith } from './identityWith.ts';

const schema = buildSchema(`
  enum Kind { OPEN CLOSED }
  input Range { from: Int! = 1, to: Int }
  type Query {
    page(first: Int! = 10, range: Range, kind: Kind): Int
    both(first: Int! = 10): Int
    deal: Int
    user: Int
  }
`);

type Args = Record<string, unknown>;

const setUp = () => {
  const asked: Args[] = [];
  const small = rule('small pages')((_parent, args: Args, { identity }: RuleContext) => {
    asked.push({ ...args });
    return Number(args['first']) <= 10 || denied('small pages', identity);
  });
  const claims = countedRule('claims', (identity) => identity?.role === 'USER');
  const tree = {
    Query: {
      page: small,
      both: and(can('deals:read'), small),
      deal: claims.rule,
      user: claims.rule,
    },
  };
  const authorizer = new Authorizer(schema, guardsOf(schema, tree));
  const operation = (source: string) => {
    const document = parse(source);
    expect(validate(schema, document)).toEqual([]);
    const prepared = authorizer.prepare(document, undefined);
    return async (identity?: Identity, variables?: Args, context: object = {}) => {
      const denials = await authorizer.decide(prepared, coercedBy(prepared, variables), {
        identity,
        requestId: 'r',
        traceparent: 't',
        deadline: 0,
        caller: 'c',
        ...context,
      });
      return { denials, codes: codesOf(denials) };
    };
  };
  return { asked, claims, operation };
};

const coercedBy = ({ operation }: GuardedOperation, variables: Args = {}): Args => {
  const declared = operation.variableDefinitions ?? [];
  return getVariableValues(schema, declared, variables).coerced ?? {};
};

const codesOf = (denials: Awaited<ReturnType<Authorizer['decide']>>) =>
  Object.fromEntries(
    [...(denials ?? [])].map(([node, { extensions }]) => [
      node.alias?.value ?? node.name.value,
      extensions.rule ?? extensions.code,
    ]),
  );

describe('a rule that reads arguments', () => {
  const identity = identityWith();

  it('is asked for each field and request, with literals, variables and defaults', async () => {
    const { asked, operation } = setUp();
    const ask = operation(
      'query ($first: Int! = 3) { a: page(first: 11, kind: OPEN) b: page(first: $first) c: page(range: {}) }',
    );
    expect((await ask(identity)).codes).toEqual({ a: 'small pages' });
    expect((await ask(identity, { first: 12 })).codes).toEqual({
      a: 'small pages',
      b: 'small pages',
    });
    expect((await ask(identity, { first: 4 })).codes).toEqual({ a: 'small pages' });
    const [literal, defaulted] = [
      { first: 11, kind: 'OPEN' },
      { first: 10, range: { from: 1 } },
    ];
    expect(asked).toEqual([3, 12, 4].flatMap((first) => [literal, { first }, defaulted]));
  });

  it('does not make rules over claims be asked again', async () => {
    const { asked, claims, operation } = setUp();
    const ask = operation('query ($first: Int!) { page(first: $first) deal user }');
    for (const first of [1, 20, 2]) await ask(identity, { first });
    expect(asked).toHaveLength(3);
    expect(claims.asked).toEqual([identity]);
  });

  it('is added to what claims deny, which stays the same object when it allows', async () => {
    const { operation } = setUp();
    const ask = operation('query ($first: Int!) { deal page(first: $first) user }');
    const partner = identityWith({ role: 'PARTNER' });
    const small = await ask(partner, { first: 1 });
    expect(small.codes).toEqual({ deal: 'claims', user: 'claims' });
    expect((await ask(partner, { first: 20 })).codes).toEqual({
      deal: 'claims',
      user: 'claims',
      page: 'small pages',
    });
    expect((await ask(partner, { first: 2 })).denials).toBe(small.denials);
    expect((await ask(identity, { first: 2 })).denials).toBeUndefined();
  });

  it('makes a combination read arguments', async () => {
    const { operation } = setUp();
    const ask = operation('query ($first: Int!) { both(first: $first) }');
    expect((await ask(identity, { first: 1 })).denials).toBeUndefined();
    expect((await ask(identity, { first: 20 })).codes).toEqual({ both: 'small pages' });
    const unscoped = identityWith({ kind: 'key', scopes: [] });
    expect((await ask(unscoped, { first: 1 })).codes).toEqual({ both: 'can deals:read' });
    expect((await ask(undefined, { first: 1 })).codes).toEqual({ both: 'can deals:read' });
  });

  it('denies a field whose arguments make no sense, without asking', async () => {
    const { asked, operation } = setUp();
    const nullable = operation('query ($first: Int = 3) { page(first: $first) }');
    expect((await nullable(identity, { first: null })).codes).toEqual({ page: 'BAD_USER_INPUT' });
    expect(asked).toEqual([]);
    expect((await nullable(identity)).denials).toBeUndefined();
  });

  it('has what shield keeps for a request kept in that request', async () => {
    let asked = 0;
    const cached = rule('cached', { cache: 'contextual' })((_parent, _args, context: Args) => {
      asked += 1;
      return context['allows'] === true;
    });
    const authorizer = new Authorizer(schema, guardsOf(schema, { Query: { '*': cached } }));
    const prepared = authorizer.prepare(parse('{ a: deal b: deal c: user }'), undefined);
    const context = (allows: boolean) =>
      ({ requestId: 'r', traceparent: 't', deadline: 0, caller: 'c', allows }) as GatewayContext;
    const contexts = [true, true, true].map(context);
    for (const one of contexts) {
      expect(await authorizer.decide(prepared, {}, one)).toBeUndefined();
      expect(one).toHaveProperty('_shield.cache', { cached: true });
    }
    expect(asked).toBe(3);
    expect((await authorizer.decide(prepared, {}, context(false)))?.size).toBe(3);
  });
});

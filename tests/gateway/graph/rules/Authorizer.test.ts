// What is decided about an operation, how often rules are asked for it, and for whom it holds.

import type { GatewayContext } from '@crm-graph/gateway/graph/GatewayContext';
import { Authorizer } from '@crm-graph/gateway/graph/rules/Authorizer';
import type { Denials } from '@crm-graph/gateway/graph/rules/GuardedOperation';
import { guardsOf, type RuleTree } from '@crm-graph/gateway/graph/rules/guards';
import { anyone, can } from '@crm-graph/shared/graphql/rules';
import { allow, and, not } from '@crm-graph/shared/graphql/shield';
import { buildSchema, type DocumentNode, parse, print, validate } from 'graphql';
import { countedRule } from './countedRule.ts';
import { survivors } from './garbage.ts';
import { identityWith } from './identityWith.ts';

const schema = buildSchema(`
  type Query { deal: Deal, deals: [Deal!], contact: Contact, anything: Named, open: Int, forgotten: Int }
  interface Named { name: String, owner: User }
  type Deal implements Named { name: String, owner: User, contact: Contact }
  type Contact implements Named { name: String, owner: User }
  type User { name: String }
`);

const tree: RuleTree = {
  Query: {
    deal: can('deals:read'),
    deals: can('deals:read'),
    contact: can('contacts:read'),
    anything: anyone,
    open: allow,
  },
  Deal: { contact: can('contacts:read'), owner: can('deals:write'), '*': allow },
  Contact: { owner: can('contacts:write'), '*': allow },
  User: { '*': allow },
};

const contextOf = (identity?: GatewayContext['identity']): GatewayContext => ({
  identity,
  requestId: 'r',
  traceparent: 't',
  deadline: 0,
  caller: 'c',
});

const keyFor = (...scopes: NonNullable<Parameters<typeof identityWith>[0]>['scopes'] & object) =>
  identityWith({ kind: 'key', scopes });

class Gateway {
  readonly #authorizer: Authorizer;

  constructor(rules: RuleTree = tree) {
    this.#authorizer = new Authorizer(schema, guardsOf(schema, rules));
  }

  decide(document: DocumentNode, context: GatewayContext) {
    return this.#authorizer.decide(this.#authorizer.prepare(document, undefined), {}, context);
  }
}

const valid = (source: string): DocumentNode => {
  const document = parse(source);
  expect(validate(schema, document)).toEqual([]);
  return document;
};

/** By the field's text: code and rule. */
const said = (denials: Denials | undefined) =>
  Object.fromEntries(
    [...(denials ?? [])].map(([node, { extensions }]) => [
      print(node).replace(/\s+/g, ' '),
      `${extensions.code}: ${extensions.rule}`,
    ]),
  );

describe('Authorizer.decide', () => {
  const document = valid('{ deal { name contact { name } } open contact { name } forgotten }');

  it('names each denied field with its code and rule', async () => {
    const gateway = new Gateway();
    expect(said(await gateway.decide(document, contextOf(keyFor('deals:read'))))).toEqual({
      'contact { name }': 'FORBIDDEN: can contacts:read',
      forgotten: 'FORBIDDEN: deny',
    });
    expect(said(await gateway.decide(document, contextOf()))).toEqual({
      'deal { name contact { name } }': 'UNAUTHENTICATED: can deals:read',
      'contact { name }': 'UNAUTHENTICATED: can contacts:read',
      forgotten: 'UNAUTHENTICATED: deny',
    });
  });

  it('decides at once for an identity it has seen, and gives the same object', async () => {
    const gateway = new Gateway();
    const identity = keyFor('deals:read');
    const first = gateway.decide(document, contextOf(identity));
    expect(first).toBeInstanceOf(Promise);
    const denials = await first;
    expect(denials?.size).toBe(3);
    expect(gateway.decide(document, contextOf(identity))).toBe(denials);
    expect(gateway.decide(document, contextOf(identity))).toBe(denials);
  });

  it('gives the same object to all who are refused the same, such as a renewed token', async () => {
    const gateway = new Gateway();
    const denials = await gateway.decide(document, contextOf(keyFor('deals:read')));
    expect(await gateway.decide(document, contextOf(keyFor('deals:read')))).toBe(denials);
    expect(await gateway.decide(document, contextOf(keyFor('contacts:read')))).not.toBe(denials);
    const other = valid('{ contact { name } }');
    expect(await gateway.decide(other, contextOf(keyFor('deals:read')))).not.toBe(denials);
  });

  it('says nothing when nothing is denied', async () => {
    const gateway = new Gateway();
    const identity = keyFor('deals:read');
    const permitted = valid('{ deal { name } anything { name } }');
    expect(await gateway.decide(permitted, contextOf(identity))).toBeUndefined();
    expect(gateway.decide(permitted, contextOf(identity))).toBeUndefined();
  });

  it('asks no rule when the operation has no guarded field', () => {
    const { rule, asked } = countedRule('a', () => true);
    const gateway = new Gateway({ ...tree, Query: { ...tree['Query'], deal: rule } });
    expect(gateway.decide(valid('{ open __typename }'), contextOf())).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('asks a rule once for fifty fields, several operations and many requests', async () => {
    const { rule, asked } = countedRule('a', (identity) => identity !== undefined);
    const gateway = new Gateway({ ...tree, Query: { '*': rule }, Deal: { '*': rule } });
    const wide = valid(
      `{ ${Array.from({ length: 50 }, (_, i) => `f${i}: deal { name }`).join(' ')} }`,
    );
    const identity = identityWith();
    for (let request = 0; request < 5; request++) {
      expect(await gateway.decide(wide, contextOf(identity))).toBeUndefined();
      expect(await gateway.decide(document, contextOf(identity))).toBeUndefined();
      expect((await gateway.decide(wide, contextOf()))?.size).toBe(100);
    }
    expect(asked).toEqual([identity, undefined]);
  });

  it('keeps two tokens of one subject apart, whoever comes first', async () => {
    for (const roles of [
      ['PARTNER', 'ADMIN'],
      ['ADMIN', 'PARTNER'],
    ] as const) {
      const gateway = new Gateway();
      const owners = valid('{ deal { owner { name } } }');
      const identities = roles.map((role) => identityWith({ subject: 'same', role }));
      const expected = roles.map((role) =>
        role === 'ADMIN' ? {} : { 'owner { name }': 'FORBIDDEN: can deals:write' },
      );
      const decide = () =>
        Promise.all(identities.map((identity) => gateway.decide(owners, contextOf(identity))));
      expect((await decide()).map(said)).toEqual(expected);
      expect((await decide()).map(said)).toEqual(expected);
    }
  });

  it('decides anew for the same caller with another identity', async () => {
    const gateway = new Gateway();
    const before = identityWith({ role: 'PARTNER' });
    const after = { ...before, ...identityWith({ role: 'USER' }) };
    const owners = valid('{ deal { owner { name } } }');
    expect((await gateway.decide(owners, contextOf(before)))?.size).toBe(1);
    expect(await gateway.decide(owners, contextOf(after))).toBeUndefined();
    expect((await gateway.decide(owners, contextOf(before)))?.size).toBe(1);
  });

  it('gives the reason of the last possible type that refuses a field of an interface', async () => {
    const gateway = new Gateway();
    const owners = valid('{ anything { owner { name } } }');
    const [deal, contact] = schema.getPossibleTypes(schema.getType('Named') as never);
    expect([deal?.name, contact?.name]).toEqual(['Deal', 'Contact']);
    const denials = async (...scopes: Parameters<typeof keyFor>) =>
      said(await gateway.decide(owners, contextOf(keyFor(...scopes))))['owner { name }'];
    expect(await denials()).toBe('FORBIDDEN: can contacts:write');
    expect(await denials('deals:write')).toBe('FORBIDDEN: can contacts:write');
    expect(await denials('contacts:write')).toBe('FORBIDDEN: can deals:write');
    expect(await denials('contacts:write', 'deals:write')).toBeUndefined();
  });

  it('takes the first refusal of a combination, and a plain error as a fault', async () => {
    const gateway = new Gateway({
      ...tree,
      Query: {
        deal: and(can('deals:read'), can('deals:write')),
        contact: not(can('contacts:read'), new Error('plain')),
        open: allow,
      },
    });
    const both = valid('{ deal { name } contact { name } }');
    const denials = await gateway.decide(both, contextOf(keyFor('contacts:read')));
    expect(said(denials)).toEqual({
      'deal { name }': 'FORBIDDEN: can deals:read',
      'contact { name }': 'FORBIDDEN: deny',
    });
  });

  it('leaves the context of the request as it was', async () => {
    const context = Object.freeze(contextOf(identityWith()));
    expect((await new Gateway().decide(document, context))?.size).toBe(1);
    expect(Object.keys(context)).toEqual(Object.keys(contextOf()));
  });

  it('prepares an operation once, by its name', () => {
    const authorizer = new Authorizer(schema, guardsOf(schema, tree));
    const two = valid('query A { deal { name } } query B { contact { name } }');
    const [a, b] = ['A', 'B'].map((name) => authorizer.prepare(two, name));
    expect(authorizer.prepare(two, 'A')).toBe(a);
    expect(authorizer.prepare(two, 'B')).toBe(b);
    expect(a?.guarded.map(({ node }) => node.name.value)).toEqual(['deal']);
    expect(b?.guarded.map(({ node }) => node.name.value)).toEqual(['contact']);
    expect(() => authorizer.prepare(two, 'C')).toThrow(TypeError);
  });

  it('keeps neither identities nor contexts nor documents', async () => {
    const gateway = new Gateway();
    const seen: WeakRef<object>[] = [];
    const decide = async (source: string, role: 'USER' | 'PARTNER'): Promise<void> => {
      const context = contextOf(identityWith({ role }));
      const of = valid(source);
      await gateway.decide(document, context);
      await gateway.decide(of, context);
      seen.push(new WeakRef(context), new WeakRef(of), new WeakRef(context.identity ?? {}));
    };
    for (const role of ['USER', 'PARTNER', 'USER', 'PARTNER'] as const) {
      await decide('{ deals { owner { name } } contact { owner { name } } }', role);
    }
    expect(await survivors(seen)).toBe(0);
  });
});

// Turns a graphql-shield rule tree into functions by field coordinate that say allow or deny without
// resolving anything: resolvers of the API schema never run in a federated gateway.
import { denied, type RuleContext } from '@crm-graph/shared/graphql/rules';
import {
  allow,
  deny,
  readsOnlyClaims,
  type ShieldRule,
  shield,
} from '@crm-graph/shared/graphql/shield';
import { type GraphQLError, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';

/** What decides for all fields that stand under one rule. */
export interface Guard {
  /** False: it answers by `context.identity` alone, and the same for the same identity. */
  readonly readsArguments: boolean;
  /**
   * Resolves to nothing when the field may be seen, to the reason as an error when not. Shield keeps
   * answers in `context`, which must therefore be of this request.
   */
  check(args: Record<string, unknown>, context: RuleContext): Promise<GraphQLError | undefined>;
}

/** By coordinate, `Deal.owner`. A coordinate without a guard is open. */
export type Guards = ReadonlyMap<string, Guard>;

/** Rules by type and field; `'*'` is for a type's other fields. */
export type RuleTree = Readonly<Record<string, Readonly<Record<string, ShieldRule>>>>;

type Middleware = (
  resolve: () => typeof allowed,
  parent: object,
  args: Record<string, unknown>,
  context: RuleContext,
  info: object,
) => Promise<unknown>;

const allowed = Symbol('allowed');

/** Whatever the tree does not name is denied, on every type. */
export const guardsOf = (schema: GraphQLSchema, tree: RuleTree): Guards => {
  const middleware = shield(tree, {
    fallbackRule: deny,
    fallbackError: (_error, _parent, _args, context) =>
      denied('deny', (context as RuleContext).identity),
  }).generate(schema) as Record<string, Record<string, Middleware | { resolve: Middleware }>>;

  const guards = new Map<string, Guard>();
  const byRule = new Map<ShieldRule, Guard>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.keys(type.getFields())) {
      const rule = tree[type.name]?.[field] ?? tree[type.name]?.['*'] ?? deny;
      if (rule === allow) continue;
      const generated = middleware[type.name]?.[field];
      if (!generated) throw new TypeError(`shield made no middleware for ${type.name}.${field}`);
      const guard = byRule.get(rule) ?? guardOf(generated, !readsOnlyClaims(rule));
      byRule.set(rule, guard);
      guards.set(`${type.name}.${field}`, guard);
    }
  }
  return guards;
};

const guardOf = (
  generated: Middleware | { resolve: Middleware },
  readsArguments: boolean,
): Guard => {
  const middleware = typeof generated === 'function' ? generated : generated.resolve;
  return {
    readsArguments,
    async check(args, context) {
      const result = await middleware(() => allowed, {}, args, context, {});
      if (result === allowed) return undefined;
      if (isCoded(result)) return result;
      /* A rule that threw or returned something else is a fault: closed, and named in the log. */
      return denied('deny', context.identity);
    },
  };
};

const isCoded = (result: unknown): result is GraphQLError =>
  result instanceof Error && 'extensions' in result;

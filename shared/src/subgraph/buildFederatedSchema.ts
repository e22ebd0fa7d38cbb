// From type-graphql's classes to an executable subgraph schema: Federation directives, references, shield.
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, parse, specifiedDirectives } from 'graphql';
import { applyMiddleware, type IMiddleware } from 'graphql-middleware';
import type { IRules } from 'graphql-shield';
import { buildSchema, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { CrmError } from '../errors/CrmError.ts';
import { allow, deny, type ShieldRule, shield } from '../graphql/shield.ts';
import { sizeConnections } from '../graphql/sizeConnections.ts';
import { limitResponse } from './limitResponse.ts';
import type { SubgraphContext } from './SubgraphContext.ts';

/** How a representation of an entity becomes the entity, and who may ask for it. */
export interface Reference {
  /** Called once per representation; batch it with a loader. Undefined: no such entity. */
  resolve(representation: { id: string }, context: SubgraphContext): unknown;
  /** Shield's rules stand on root fields, which `_entities` bypasses; so references have their own. */
  rule: ShieldRule;
}

/** By root type and field. */
export type RootRules = Partial<
  Record<'Query' | 'Mutation' | 'Subscription', Record<string, ShieldRule>>
>;

export interface FederatedSchemaOptions {
  resolvers: NonEmptyArray<Function>;
  /** By the name of the entity type. */
  references: Record<string, Reference>;
  /** Rules of the root fields; what is not named is denied. */
  permissions: RootRules;
  orphanedTypes?: Function[];
}

/** type-graphql has no place for these. */
const rootDescriptions = new Map([
  ['Query', 'What can be read.'],
  ['Mutation', 'What can be changed. Each takes one input and answers with userErrors.'],
  ['Subscription', 'What can be watched, resumed by cursor.'],
]);

/** The `subscribe` of every subscription field: the gateway serves them from the event logs. */
export const servedByGateway = (): never => {
  throw new CrmError('BAD_REQUEST', 'Subscribe at the gateway.');
};

const federationLink =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible", "@external", "@requires", "@provides", "@override", "@interfaceObject", "@tag", "@cost", "@listSize"])\n';

export interface FederatedSchema {
  schema: GraphQLSchema;
  /** What `schema/<subgraph>.graphql` holds and what the supergraph is composed from. */
  sdl: string;
}

export async function buildFederatedSchema(
  options: FederatedSchemaOptions,
): Promise<FederatedSchema> {
  const built = await buildSchema({
    resolvers: options.resolvers,
    orphanedTypes: options.orphanedTypes ?? [],
    directives: [...specifiedDirectives],
    // type-graphql wants one where there are subscriptions, even if it is never asked.
    pubSub: { publish: servedByGateway, subscribe: servedByGateway },
    validate: false,
    skipCheck: true,
  });
  for (const [name, description] of rootDescriptions) {
    const type = built.getType(name);
    if (type) type.description = description;
  }
  sizeConnections(built);
  const sdl = federationLink + printSchemaWithDirectives(built);
  const resolvers = createResolversMap(built) as GraphQLResolverMap<SubgraphContext>;
  for (const [typeName, reference] of Object.entries(options.references)) {
    resolvers[typeName] = {
      ...(resolvers[typeName] as object),
      __resolveReference: guarded(typeName, reference),
    };
  }
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: resolvers as GraphQLResolverMap<unknown>,
  });
  const { Query, ...rest } = options.permissions;
  const rules: IRules = { Query: { _service: allow, _entities: allow, ...Query }, ...rest };
  const guard = shield<unknown, SubgraphContext>(rules, {
    fallbackRule: deny,
    fallbackError: new CrmError('FORBIDDEN', 'Not allowed.'),
    allowExternalErrors: true,
  });
  // Of all types' middleware only that of the root types is wanted: shield's fallback would deny every
  // field of the others. Generated here, since shield and graphql-middleware may be loaded twice (CJS, ESM).
  const generated = Object.entries(guard.generate(schema) as IMiddleware);
  const ofRoots = generated.filter(([typeName]) => rootDescriptions.has(typeName));
  const guardedSchema = applyMiddleware(schema, Object.fromEntries(ofRoots));
  limitResponse(guardedSchema);
  return { schema: guardedSchema, sdl };
}

const ruleOptions = {
  debug: false,
  allowExternalErrors: true,
  fallbackRule: deny,
  fallbackError: new CrmError('FORBIDDEN', 'Not allowed.'),
  hashFunction: JSON.stringify,
};

type ShieldCache = { cache: Record<string, never> };

function shieldCacheOf(context: SubgraphContext & { _shield?: ShieldCache }): ShieldCache {
  return context._shield ?? { cache: {} };
}

function guarded(typeName: string, { resolve, rule }: Reference) {
  return async (representation: { id: string }, context: SubgraphContext) => {
    // Shield keeps the answers of contextual rules here; its own middleware may not have run yet.
    const guardedContext = Object.assign(context, { _shield: shieldCacheOf(context) });
    const verdict = await rule.resolve({}, {}, guardedContext, {} as never, ruleOptions as never);
    if (verdict instanceof Error) throw verdict;
    if (verdict !== true) throw new CrmError('FORBIDDEN', `Not allowed: ${typeName}.`);
    return (await resolve(representation, context)) ?? null;
  };
}

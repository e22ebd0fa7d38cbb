// Who may do what: every root field of the API by role, against the running graph. What is denied
// must not have reached a subgraph.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLError, type GraphQLObjectType } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { root } from '../runningStack.ts';
import { graphql, login } from '../stack.ts';
import {
  type Member,
  type MemberRole,
  memberRoles,
  organizationWithMembers,
  password,
} from './members.ts';
import { type ObservedGateway, observedGateway } from './observedGateway.ts';
import { sampleOperation } from './sampleOperation.ts';

const everyone = ['anonymous', 'PARTNER', 'USER', 'MANAGER', 'ADMIN'] as const;
const members = ['PARTNER', 'USER', 'MANAGER', 'ADMIN'] as const;
const staff = ['USER', 'MANAGER', 'ADMIN'] as const;
const managers = ['MANAGER', 'ADMIN'] as const;
const admins = ['ADMIN'] as const;

type Caller = (typeof everyone)[number];

const allowed: Record<string, Record<string, readonly Caller[]>> = {
  Query: {
    me: members,
    organization: members,
    sessions: members,
    user: staff,
    users: staff,
    apiKeys: admins,
    company: members,
    companies: members,
    contact: members,
    contacts: members,
    interaction: members,
    interactions: members,
    contactEvent: members,
    deal: members,
    deals: members,
    dealEvent: members,
    liveDealsUpdate: members,
    pipeline: members,
    pipelines: members,
    product: members,
    products: members,
    task: staff,
    tasks: staff,
    taskEvent: staff,
    /* Of the log of contacts; tests/tasks/changes.test.ts has the others. */
    changes: members,
    notifications: staff,
    notificationEvent: staff,
    unreadNotificationCount: staff,
    webhook: admins,
    webhooks: admins,
    webhookDeliveries: admins,
    salesSummary: managers,
    salesByOwner: managers,
    salesByProduct: managers,
    salesByMonth: managers,
  },
  Mutation: {
    login: everyone,
    signUp: everyone,
    refreshToken: everyone,
    logout: members,
    createUser: admins,
    updateUser: admins,
    createApiKey: admins,
    revokeApiKey: admins,
    createCompany: staff,
    updateCompany: staff,
    deleteCompany: managers,
    bulkCreateCompanies: staff,
    createContact: staff,
    updateContact: staff,
    deleteContact: managers,
    bulkCreateContacts: staff,
    createInteraction: staff,
    updateInteraction: staff,
    deleteInteraction: managers,
    createDeal: staff,
    updateDeal: staff,
    moveDeal: staff,
    deleteDeal: managers,
    bulkCreateDeals: staff,
    createPipeline: managers,
    createProduct: managers,
    createTask: staff,
    updateTask: staff,
    completeTask: staff,
    deleteTask: staff,
    bulkCreateTasks: staff,
    markNotificationsRead: staff,
    createWebhook: admins,
    updateWebhook: admins,
    rotateWebhookSecret: admins,
    testWebhook: admins,
    deleteWebhook: admins,
    redriveWebhook: admins,
  },
  Subscription: {
    dealEvents: members,
    contactEvents: members,
    taskEvents: staff,
    liveDeals: members,
    notifications: staff,
  },
};

const api = buildSchema(readFileSync(join(root, 'schema/api.graphql'), 'utf8'));
const fieldsOf = (type: GraphQLObjectType | null | undefined) =>
  Object.values(type?.getFields() ?? {});
const rows = (['Query', 'Mutation'] as const).flatMap((type) =>
  fieldsOf(type === 'Query' ? api.getQueryType() : api.getMutationType()).flatMap((field) =>
    everyone.map((caller) => ({
      name: `${type}.${field.name}`,
      type,
      field,
      caller,
      may: allowed[type]?.[field.name]?.includes(caller) ?? false,
    })),
  ),
);

describe('the rules of the API', () => {
  let gateway: ObservedGateway;
  let people: Record<MemberRole, Member>;

  beforeAll(async () => {
    people = await organizationWithMembers('Roles');
    gateway = await observedGateway();
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it('are stated here for every root field of the API', () => {
    for (const type of ['Query', 'Mutation', 'Subscription']) {
      const fields = fieldsOf(api.getType(type) as GraphQLObjectType).map(({ name }) => name);
      expect(Object.keys(allowed[type] ?? {}).sort()).toEqual(fields.sort());
    }
  });

  it.each(rows)('$name for $caller: allowed is $may', async ({ type, field, caller, may }) => {
    const member = caller === 'anonymous' ? undefined : people[caller];
    const token =
      member && field.name === 'logout'
        ? (await login(member.email, password)).accessToken
        : member?.token;
    gateway.takeRequests();
    const operation = sampleOperation(type === 'Query' ? 'query' : 'mutation', field);
    const { errors = [] } = await graphql(
      operation,
      {},
      { url: gateway.url, ...(token && { token }) },
    );
    const asked = Object.values(gateway.takeRequests()).flat();
    const denials = errors.filter(({ extensions }) => extensions?.rule !== undefined);
    if (may) {
      expect(denials).toEqual([]);
      expect(asked.length).toBeGreaterThan(0);
    } else {
      expect(denials).toHaveLength(1);
      expect(denials[0]?.extensions?.code).toBe(member ? 'FORBIDDEN' : 'UNAUTHENTICATED');
      expect(denials[0]?.path).toEqual([field.name]);
      expect(asked).toEqual([]);
    }
  });

  const subscriptions = fieldsOf(api.getSubscriptionType()).flatMap((field) =>
    memberRoles.map((caller) => ({
      field,
      caller,
      may: allowed.Subscription?.[field.name]?.includes(caller) ?? false,
    })),
  );

  it.each(subscriptions)(
    'Subscription.$field.name for $caller: allowed is $may',
    async ({ field, caller, may }) => {
      const client = createClient({
        url: gateway.socketUrl,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${people[caller].token}` },
        retryAttempts: 0,
      });
      const results = client.iterate({ query: sampleOperation('subscription', field) });
      let timer: NodeJS.Timeout | undefined;
      const waited = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), may ? 300 : 5_000);
      });
      const refused = results.next().then(
        () => undefined,
        (errors: readonly GraphQLError[]) => errors,
      );
      const errors = await Promise.race([refused, waited]);
      clearTimeout(timer);
      await client.dispose();
      expect(errors?.[0]?.extensions['code']).toBe(may ? undefined : 'FORBIDDEN');
    },
  );
});

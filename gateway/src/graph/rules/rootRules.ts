// The rule of every root field of the graph. A test holds this to the API: what is not named here
// is denied, and nothing relies on that.
import {
  anyone,
  authenticated,
  can,
  canFollowContacts,
  canFollowDeals,
  canFollowLog,
  canFollowTasks,
  person,
} from '@crm-graph/shared/graphql/rules';
import type { ShieldRule } from '@crm-graph/shared/graphql/shield';

type RootType = 'Query' | 'Mutation' | 'Subscription';

export const rootRules: Readonly<Record<RootType, Readonly<Record<string, ShieldRule>>>> = {
  Query: {
    me: authenticated,
    organization: authenticated,
    sessions: person,
    user: can('users:read'),
    users: can('users:read'),
    apiKeys: can('organization:manage'),

    company: can('contacts:read'),
    companies: can('contacts:read'),
    contact: can('contacts:read'),
    contacts: can('contacts:read'),
    interaction: can('contacts:read'),
    interactions: can('contacts:read'),
    contactEvent: canFollowContacts,

    deal: can('deals:read'),
    deals: can('deals:read'),
    dealEvent: canFollowDeals,
    liveDealsUpdate: canFollowDeals,
    pipeline: can('deals:read'),
    pipelines: can('deals:read'),
    product: can('deals:read'),
    products: can('deals:read'),

    task: can('tasks:read'),
    tasks: can('tasks:read'),
    taskEvent: canFollowTasks,
    changes: canFollowLog,
    notifications: can('tasks:read'),
    notificationEvent: can('tasks:read'),
    unreadNotificationCount: can('tasks:read'),

    webhook: can('webhooks:manage'),
    webhooks: can('webhooks:manage'),
    webhookDeliveries: can('webhooks:manage'),

    salesSummary: can('analytics:read'),
    salesByOwner: can('analytics:read'),
    salesByProduct: can('analytics:read'),
    salesByMonth: can('analytics:read'),
  },
  Mutation: {
    login: anyone,
    signUp: anyone,
    refreshToken: anyone,
    logout: person,
    createUser: can('organization:manage'),
    updateUser: can('organization:manage'),
    createApiKey: can('organization:manage'),
    revokeApiKey: can('organization:manage'),

    createCompany: can('contacts:write'),
    updateCompany: can('contacts:write'),
    deleteCompany: can('contacts:delete'),
    bulkCreateCompanies: can('contacts:write'),
    createContact: can('contacts:write'),
    updateContact: can('contacts:write'),
    deleteContact: can('contacts:delete'),
    bulkCreateContacts: can('contacts:write'),
    createInteraction: can('contacts:write'),
    updateInteraction: can('contacts:write'),
    deleteInteraction: can('contacts:delete'),

    createDeal: can('deals:write'),
    updateDeal: can('deals:write'),
    moveDeal: can('deals:write'),
    deleteDeal: can('deals:delete'),
    bulkCreateDeals: can('deals:write'),
    createPipeline: can('pipelines:write'),
    createProduct: can('pipelines:write'),

    createTask: can('tasks:write'),
    updateTask: can('tasks:write'),
    completeTask: can('tasks:write'),
    deleteTask: can('tasks:write'),
    bulkCreateTasks: can('tasks:write'),
    markNotificationsRead: can('tasks:write'),

    createWebhook: can('webhooks:manage'),
    updateWebhook: can('webhooks:manage'),
    rotateWebhookSecret: can('webhooks:manage'),
    testWebhook: can('webhooks:manage'),
    deleteWebhook: can('webhooks:manage'),
    redriveWebhook: can('webhooks:manage'),
  },
  Subscription: {
    dealEvents: canFollowDeals,
    contactEvents: canFollowContacts,
    taskEvents: canFollowTasks,
    liveDeals: canFollowDeals,
    notifications: can('tasks:read'),
  },
};

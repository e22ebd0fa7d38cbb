// What the tasks subgraph consists of.
import type { SubgraphDefinition } from '@crm-graph/shared/subgraph/startSubgraph';
import { BackgroundTransactions, backgroundShare } from './BackgroundTransactions.ts';
import { ChangeResolver } from './ChangeResolver.ts';
import { Company } from './Company.ts';
import { Contact, ContactResolver } from './Contact.ts';
import type { TasksConfig } from './config.ts';
import { Deal, DealResolver } from './Deal.ts';
import { followDeals } from './followDeals.ts';
import { LogCursor } from './LogCursor.ts';
import { taskById } from './loaders.ts';
import { openLogClients } from './logClients.ts';
import { Notification } from './Notification.ts';
import { NotificationResolver } from './NotificationResolver.ts';
import { permissions, referenceRule } from './permissions.ts';
import { Task } from './Task.ts';
import { TaskEventResolver } from './TaskEventResolver.ts';
import { TaskMutationResolver } from './TaskMutationResolver.ts';
import { TaskResolver } from './TaskResolver.ts';
import { User, UserResolver } from './User.ts';
import { startWebhooks } from './webhooks/startWebhooks.ts';
import { Webhook } from './webhooks/Webhook.ts';
import { WebhookAttempt } from './webhooks/WebhookAttempt.ts';
import { WebhookDelivery } from './webhooks/WebhookDelivery.ts';
import { WebhookMutationResolver } from './webhooks/WebhookMutationResolver.ts';
import { WebhookDeliveryResolver, WebhookResolver } from './webhooks/WebhookResolver.ts';

/** Another subgraph's record: it says whether there is one, here it is only an id. */
const stub = <Entity extends object>(type: new () => Entity) => ({
  resolve: ({ id }: { id: string }) => Object.assign(new type(), { id }),
  rule: referenceRule,
});

export const tasks: SubgraphDefinition<TasksConfig> = {
  name: 'tasks',
  entities: [Task, Notification, LogCursor, Webhook, WebhookDelivery, WebhookAttempt],
  resolvers: [
    TaskResolver,
    TaskMutationResolver,
    TaskEventResolver,
    ChangeResolver,
    NotificationResolver,
    WebhookResolver,
    WebhookDeliveryResolver,
    WebhookMutationResolver,
    UserResolver,
    DealResolver,
    ContactResolver,
  ],
  references: {
    Task: { resolve: ({ id }, context) => taskById(context).load(id), rule: referenceRule },
    User: stub(User),
    Deal: stub(Deal),
    Contact: stub(Contact),
    Company: stub(Company),
  },
  permissions,
  background: (services, config) => {
    const clients = openLogClients(services, config);
    const transactions = new BackgroundTransactions(
      services.dataSource,
      backgroundShare(config.DATABASE_POOL_SIZE),
    );
    return [
      followDeals(services, clients, transactions),
      ...startWebhooks(services, config, clients, transactions),
    ];
  },
};

// How a transaction wakes those who follow logs for webhooks and send to them: after its COMMIT, in this process. A hint
// that may be lost, since they look by themselves every second. Not by NOTIFY, which makes all commits of the database
// wait for one another (docs/decisions/0009).
import { afterCommit } from '@crm-graph/shared/database/afterCommit';
import type { DataSource, EntityManager } from 'typeorm';

export interface WebhookKey {
  organizationId: string;
  webhookId: string;
}

type Listener = (key: WebhookKey) => void;

const listeners = new WeakMap<DataSource, Set<Listener>>();

/** Hears of all that is announced in transactions of the pool; returns the function that ends it. */
export function onWebhookBell(dataSource: DataSource, listener: Listener): () => void {
  const all = listeners.get(dataSource) ?? new Set();
  listeners.set(dataSource, all.add(listener));
  return () => all.delete(listener);
}

/** Once this is committed: the webhook was made or changed, or something was queued for it. */
export function announceWebhook(
  manager: EntityManager,
  { organizationId, webhookId }: WebhookKey,
): void {
  afterCommit(manager, () => {
    for (const listener of listeners.get(manager.connection) ?? []) {
      listener({ organizationId, webhookId });
    }
  });
}

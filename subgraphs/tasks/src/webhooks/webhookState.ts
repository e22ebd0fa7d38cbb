// What the mutations on webhooks need beside the database, for as long as the process runs.
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { WebhookSender } from './WebhookSender.ts';

export interface WebhookState {
  sender: WebhookSender;
  encryptionKey: Buffer;
  allowLoopback: boolean;
}

const states = new WeakMap<SubgraphServices, WebhookState>();

export function setWebhookState(services: SubgraphServices, state: WebhookState): void {
  states.set(services, state);
}

export function webhookStateOf(services: SubgraphServices): WebhookState {
  const state = states.get(services);
  if (!state) throw new Error('startWebhooks was not called');
  return state;
}

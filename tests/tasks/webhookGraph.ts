// The operations on webhooks, as administrators and keys send them.
import { dataOf } from '../stack.ts';
import type { UserError } from './tasks.ts';

export interface WebhookNode {
  id: string;
  version: number;
  url: string;
  description: string | null;
  filter: { types: string[] | null; minAmount: string | null };
  status: string;
  statusReason: string | null;
  failingSince: string | null;
  creator: { id: string } | null;
}

export interface Delivery {
  id: string;
  eventCursor: string;
  type: string;
  entityId: string;
  status: string;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
  attempts: { statusCode: number | null; latencyMs: number; error: string | null }[];
}

type Errors = Pick<UserError, 'code' | 'field' | 'message'>[];

export interface Payload {
  webhook: WebhookNode | null;
  secret?: string | null;
  queuedCount?: number;
  cursor: string | null;
  userErrors: Errors;
}

const webhookFields = `id version url description filter { types minAmount } status statusReason
  failingSince creator { id }`;

const extraFields: Record<string, string> = {
  createWebhook: 'secret',
  rotateWebhookSecret: 'secret',
  redriveWebhook: 'queuedCount',
};

export type Caller = { token: string } | { apiKey: string };

export async function changeWebhook(
  operation: 'createWebhook' | 'updateWebhook' | 'rotateWebhookSecret' | 'redriveWebhook',
  input: Record<string, unknown>,
  caller: Caller,
): Promise<Payload> {
  const inputType = `${operation[0]?.toUpperCase()}${operation.slice(1)}Input`;
  const { payload } = await dataOf<{ payload: Payload }>(
    `mutation ($input: ${inputType}!) { payload: ${operation}(input: $input) {
      webhook { ${webhookFields} } cursor ${extraFields[operation] ?? ''}
      userErrors { code field message }
    } }`,
    { input },
    caller,
  );
  return payload;
}

/** Creates a webhook that must be accepted. */
export async function createdWebhook(
  input: Record<string, unknown>,
  caller: Caller,
): Promise<WebhookNode & { secret: string }> {
  const { webhook, secret, userErrors } = await changeWebhook('createWebhook', input, caller);
  if (!webhook || !secret) throw new Error(`Not created: ${JSON.stringify(userErrors)}`);
  return { ...webhook, secret };
}

interface TestResult {
  statusCode: number | null;
  error: string | null;
  userErrors: Errors;
}

export async function sendTest(id: string, caller: Caller): Promise<TestResult> {
  const { testWebhook } = await dataOf<{ testWebhook: TestResult }>(
    `mutation ($id: ID!) { testWebhook(input: { id: $id }) {
      statusCode latencyMs error userErrors { code field message } } }`,
    { id },
    caller,
  );
  return testWebhook;
}

export async function deleteWebhook(id: string, caller: Caller): Promise<Errors> {
  const { deleteWebhook } = await dataOf<{ deleteWebhook: { userErrors: Errors } }>(
    `mutation ($id: ID!) { deleteWebhook(input: { id: $id }) {
      deletedId userErrors { code field message } } }`,
    { id },
    caller,
  );
  return deleteWebhook.userErrors;
}

export async function webhooksOf(caller: Caller): Promise<WebhookNode[]> {
  const { webhooks } = await dataOf<{ webhooks: { nodes: WebhookNode[] } }>(
    `{ webhooks { nodes { ${webhookFields} } } }`,
    {},
    caller,
  );
  return webhooks.nodes;
}

export async function webhookOf(id: string, caller: Caller): Promise<WebhookNode | null> {
  const { webhook } = await dataOf<{ webhook: WebhookNode | null }>(
    `query ($id: ID!) { webhook(id: $id) { ${webhookFields} } }`,
    { id },
    caller,
  );
  return webhook;
}

export async function deliveriesOf(
  webhookId: string,
  caller: Caller,
  args: { status?: string; first?: number; after?: string } = {},
): Promise<{ totalCount: number; nodes: Delivery[]; pageInfo: { endCursor: string | null } }> {
  const { webhookDeliveries } = await dataOf<{
    webhookDeliveries: Awaited<ReturnType<typeof deliveriesOf>>;
  }>(
    `query ($webhookId: ID!, $status: WebhookDeliveryStatus, $first: Int, $after: String) {
      webhookDeliveries(webhookId: $webhookId, status: $status, first: $first, after: $after) {
        totalCount pageInfo { endCursor }
        nodes { id eventCursor type entityId status createdAt nextAttemptAt deliveredAt
          attempts { attemptedAt statusCode latencyMs error } }
      }
    }`,
    { webhookId, ...args },
    caller,
  );
  return webhookDeliveries;
}

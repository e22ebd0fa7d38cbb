// The environment of the tasks subgraph.
import { keyEncryptionKey, subgraphConfig } from '@crm-graph/shared/config';
import { z } from 'zod';
import { defaultRetrySeconds } from './webhooks/retrySchedule.ts';

const longestRetrySeconds = 7 * 24 * 60 * 60;

export const configSchema = subgraphConfig.extend({
  DEALS_URL: z.url({ protocol: /^https?$/ }).describe('the base URL of the deals subgraph'),
  CONTACTS_URL: z.url({ protocol: /^https?$/ }).describe('the base URL of the contacts subgraph'),
  TASKS_URL: z.url({ protocol: /^https?$/ }).describe('the base URL of this subgraph itself'),
  AUTH_URL: z.url({ protocol: /^https?$/ }).describe('the base URL of the auth subgraph'),
  KEY_ENCRYPTION_KEY: keyEncryptionKey,
  WEBHOOK_ALLOW_LOOPBACK: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('true or false: whether webhooks may lead to this machine, by http, too'),
  WEBHOOK_RETRY_SECONDS: z
    .string()
    .default(defaultRetrySeconds)
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.number().positive().max(longestRetrySeconds)).max(50))
    .describe('seconds between the tries of a webhook, separated by commas'),
  WEBHOOK_PAUSE_AFTER_HOURS: z.coerce
    .number()
    .positive()
    .default(24)
    .describe('hours without a success after which an endpoint is paused'),
});

export type TasksConfig = z.output<typeof configSchema>;

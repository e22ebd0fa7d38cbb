// The logs that have events which a filter can fit.
import { type PublicLog, publicLogs } from '@crm-graph/shared/events/eventTypes';
import { logOfType } from '../eventTypeEnum.ts';
import type { WebhookFilter } from './WebhookFilter.ts';

export const logsOfFilter = ({ types }: WebhookFilter): PublicLog[] =>
  publicLogs.filter((log) => !types || types.some((type) => logOfType.get(type) === log));

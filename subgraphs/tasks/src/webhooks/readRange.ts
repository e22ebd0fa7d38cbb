// The events between two cursors, read from their log: what redriveWebhook queues again.

import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { OrganizationReader } from '@crm-graph/shared/events/AllOrganizationsConsumer';
import { beginning, decodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { type PublicLog, publicLogs } from '@crm-graph/shared/events/eventTypes';
import { maxPageEvents } from '@crm-graph/shared/events/LogClient';
import type { LogEvent, LogPage } from '@crm-graph/shared/events/LogEvent';
import { reject } from '@crm-graph/shared/mutation/UserError';

/** What is read at once is held in memory, and queued in one transaction. */
export const maxRangeEvents = 10_000;

export interface RangeOptions {
  organizationId: string;
  /** A cursor, or "beginning". */
  from: string;
  to: string | null | undefined;
  /** Those that are read where no cursor says which. */
  logs: readonly PublicLog[];
  /** Signs cursors. */
  secret: string;
  clients: (log: PublicLog, organizationId: string) => OrganizationReader;
}

export async function readRange(options: RangeOptions): Promise<LogEvent[]> {
  const { from, to, logs, organizationId, clients } = options;
  const first = from === beginning ? undefined : read(options, 'from', from);
  const last = to == null ? undefined : read(options, 'to', to);
  if (first && last && first.log !== last.log) {
    reject('INVALID', ['input', 'to'], 'The two cursors are of different logs.');
  }
  if (first && last && last.position < first.position) {
    reject('INVALID', ['input', 'to'], '`to` lies before `from`.');
  }
  const log = (first ?? last)?.log;
  const events: LogEvent[] = [];
  for (const one of log ? [log] : logs) {
    const client = clients(one, organizationId);
    await readLog(client, first?.position, last?.position, events);
  }
  return events;
}

function read(
  { secret, organizationId }: RangeOptions,
  field: 'from' | 'to',
  cursor: string,
): { log: PublicLog; position: number } {
  try {
    const decoded = decodeEventCursor(secret, cursor);
    const log = publicLogs.find((name) => name === decoded.log);
    if (log && decoded.organizationId === organizationId) return { ...decoded, log };
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
  }
  return reject('INVALID', ['input', field], 'This is not a cursor of an event of yours.');
}

async function readLog(
  client: OrganizationReader,
  after: number | undefined,
  to: number | undefined,
  events: LogEvent[],
): Promise<void> {
  for (let position = after ?? 0; ; ) {
    const page = await readPage(client, position);
    const last = Math.min(to ?? page.head, page.head);
    events.push(...page.events.filter((event) => event.position <= last));
    position = page.events.at(-1)?.position ?? last;
    const total = events.length + Math.max(0, last - position);
    if (total > maxRangeEvents) {
      const message = `These are more than ${maxRangeEvents} events. Redrive them in parts: a cursor as \`to\`, then the same one as \`from\`.`;
      reject('INVALID', ['input', 'from'], message);
    }
    if (position >= last) return;
  }
}

/** Position 0 is the first event that is kept. */
async function readPage(client: OrganizationReader, position: number): Promise<LogPage> {
  try {
    return await client.read(position, maxPageEvents);
  } catch (error) {
    if (!(error instanceof CrmError) || error.status >= 500) throw error;
    const message =
      error.code === 'CURSOR_EXPIRED'
        ? 'The events after this cursor are no longer kept.'
        : 'The log does not reach as far as this cursor.';
    return reject('INVALID', ['input', 'from'], message);
  }
}

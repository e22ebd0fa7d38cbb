// The one meaning of event filters, for subscriptions and webhooks.
import { type EventFilter, matchesFilter } from '@crm-graph/shared/events/eventFilter';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';

const event = (entityType: string, record: Record<string, unknown>): LogEvent => ({
  organizationId: 'o',
  log: 'any',
  position: 1,
  id: 'e',
  type: `${entityType}Moved`,
  occurredAt: '2026-01-01T00:00:00.000Z',
  actorId: null,
  entityType,
  entityId: String(record['id']),
  version: 1,
  changes: [],
  record,
});

const deal = event('Deal', { id: 'd1', stageId: 's1', ownerId: null, amount: '1000.50' });
const contact = event('Contact', { id: 'c1', companyId: 'b1', ownerId: 'u1' });
const company = event('Company', { id: 'b1', ownerId: 'u1' });
const interaction = event('Interaction', { id: 'i1', contactId: 'c1' });

test.each<[string, LogEvent, EventFilter, boolean]>([
  ['nothing is asked for', deal, {}, true],
  ['nulls ask for nothing', deal, { types: null, stageId: null, minAmount: null }, true],
  ['its type is among them', deal, { types: ['DEAL_CREATED', 'DEAL_MOVED'] }, true],
  ['its type is not among them', deal, { types: ['DEAL_CREATED'] }, false],
  ['no type is wanted', deal, { types: [] }, false],
  ['ids are in upper case', deal, { stageId: 'S1' }, true],
  ['one of two conditions holds', deal, { stageId: 's1', ownerId: 'u1' }, false],
  ['the amount is exactly the least', deal, { minAmount: '1000.5' }, true],
  ['the amount is a millionth less', deal, { minAmount: '1000.500001' }, false],
  ['a record without amount is asked for one', contact, { minAmount: '0' }, false],
  ['a contact is of the company', contact, { companyId: 'b1' }, true],
  ['the company itself is asked for', company, { companyId: 'b1' }, true],
  ['another company is asked for', company, { companyId: 'b2' }, false],
  ['the contact itself is asked for', contact, { contactId: 'c1' }, true],
  ['an interaction is with the contact', interaction, { contactId: 'c1' }, true],
  ['an interaction is asked for an owner', interaction, { ownerId: 'u1' }, false],
])('whether an event fits when %s', (_case, logged, filter, fits) => {
  expect(matchesFilter(logged, filter)).toBe(fits);
});

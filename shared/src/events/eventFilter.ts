// Which events a subscriber or a webhook wants: one meaning of the filter for all who deliver events.
import { enumValueOf } from './eventTypes.ts';
import type { LogEvent } from './LogEvent.ts';

/** Absent and null conditions hold; all others must. They look at the record after the event. */
export interface EventFilter {
  /** As GraphQL writes them: DEAL_MOVED. */
  types?: readonly string[] | null;
  pipelineId?: string | null;
  stageId?: string | null;
  ownerId?: string | null;
  assigneeId?: string | null;
  companyId?: string | null;
  contactId?: string | null;
  dealId?: string | null;
  status?: string | null;
  /** A decimal; whatever the currency. */
  minAmount?: string | null;
}

export const matchesFilter = (event: LogEvent, filter: EventFilter): boolean => {
  const { types, minAmount, ...values } = filter;
  if (types != null && !types.includes(enumValueOf(event.type))) return false;
  for (const [field, value] of Object.entries(values)) {
    if (value != null && !isSame(value, askedOf(event, field))) return false;
  }
  return minAmount == null || isAtLeast(event.record['amount'], minAmount);
};

/** What happens to a contact itself is of that contact, too: there `contactId` is the record's own id. */
const askedOf = ({ entityType, entityId, record }: LogEvent, field: string): unknown =>
  field === `${entityType.toLowerCase()}Id` ? entityId : record[field];

/** Ids may be written in either case. */
const isSame = (wanted: string, value: unknown): boolean =>
  value === wanted || value === wanted.toLowerCase();

/** Digits after the point that amounts have at most. */
const decimals = 6;

const isAtLeast = (amount: unknown, least: string): boolean =>
  typeof amount === 'string' && unitsOf(amount) >= unitsOf(least);

/** A decimal as a whole number of its smallest unit: exact, where a double is not. */
const unitsOf = (decimal: string): bigint => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(decimal) ?? [];
  return BigInt(`${sign}${whole || '0'}${fraction.padEnd(decimals, '0').slice(0, decimals)}`);
};

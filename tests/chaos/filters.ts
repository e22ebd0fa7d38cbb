// What subscribers ask for, and which events of the log that is: said here once more, apart from the
// gateway's own filter, which is under test.
import type { LoggedEvent } from './LoggedEvent.ts';

export interface Filter {
  types?: string[];
  stageId?: string;
  minAmount?: string;
}

export const isWanted = (event: LoggedEvent, { types, stageId, minAmount }: Filter): boolean =>
  (types === undefined || types.includes(event.type)) &&
  (stageId === undefined || stageId === event.stageId) &&
  (minAmount === undefined || Number(event.amount) >= Number(minAmount));

/** Half of the subscribers take everything; the others take turns with these. */
export const filtersOf = (stageIds: readonly string[]): Filter[] => [
  { types: ['DEAL_MOVED'] },
  { stageId: stageIds[1] ?? '' },
  { minAmount: '500', types: ['DEAL_CREATED', 'DEAL_UPDATED', 'DEAL_DELETED'] },
];

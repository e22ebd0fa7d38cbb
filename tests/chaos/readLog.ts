// The truth that subscribers are checked against: the log of deals, from its own table.
import type { LoggedEvent } from './LoggedEvent.ts';
import type { OwnStack } from './OwnStack.ts';

type Row = Omit<LoggedEvent, 'position'> & { position: string };

/** The events of an organization behind a position. */
export const readLog = async (
  stack: OwnStack,
  organizationId: string,
  after: number,
): Promise<LoggedEvent[]> => {
  const rows = await stack.query<Row>(
    `select position, type, entity_id as "dealId", record->>'stageId' as "stageId",
       record->>'amount' as amount
     from deals.event
     where organization_id = $1 and position > $2 and entity_type = 'Deal'
     order by position`,
    [organizationId, after],
    organizationId,
  );
  return rows.map(({ position, type, ...event }) => ({
    ...event,
    position: Number(position),
    type: type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
  }));
};

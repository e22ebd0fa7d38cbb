// A page of a log for those who pull: from a cursor that a subscription, a webhook or a mutation gave
// as well, to the cursor of the last position that was read.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { encodeEventCursor, positionOf } from '@crm-graph/shared/events/EventCursor';
import { enumValueOf, isPublicEvent, type PublicLog } from '@crm-graph/shared/events/eventTypes';
import { recordEvent } from '@crm-graph/shared/events/RecordEvent';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Change, type ChangePage } from './Change.ts';
import { readLog } from './readLog.ts';

/** 500 events are about 500 KB of the log. */
export const maxChanges = 500;

export async function readChanges(
  context: SubgraphContext,
  log: PublicLog,
  after: string | null | undefined,
  first: number,
): Promise<ChangePage> {
  if (first < 1 || first > maxChanges) {
    throw new CrmError('BAD_USER_INPUT', `first must be 1 to ${maxChanges}, not ${first}.`, {
      extensions: { argument: 'first', maximum: maxChanges },
    });
  }
  const { organizationId } = requireIdentity(context);
  const { secret } = context.services;
  const cursorOf = (position: number) => encodeEventCursor(secret, log, organizationId, position);

  const from = after == null ? undefined : positionOf(secret, after, { log, organizationId });
  const { events, head } = await readLog(context, log, { after: from, first });
  // Where nothing follows, everything has been read, whatever the position was.
  const reached = events.at(-1)?.position ?? head;
  return {
    nodes: events.filter(isPublicEvent).map((event) => {
      const change = recordEvent(Change, cursorOf(event.position), event);
      return Object.assign(change, { type: enumValueOf(event.type) });
    }),
    cursor: cursorOf(reached),
    hasMore: reached < head,
  };
}

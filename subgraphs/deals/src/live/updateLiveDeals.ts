// The three answers to a follower of a live list: its first page, the page of a state for those who
// join others, and the differences from a state.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { encodeEventCursor, positionOf } from '@crm-graph/shared/events/EventCursor';
import { pageSize } from '@crm-graph/shared/graphql/ConnectionArgs';
import { ListQuery } from '@crm-graph/shared/graphql/ListQuery';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { ArgsType, Field, ID } from 'type-graphql';
import { validate as isUuid } from 'uuid';
import type { Deal } from '../Deal.ts';
import { type DealListArgs, dealList } from '../dealList.ts';
import { dealById } from '../loaders.ts';
import { followLiveDeals } from './followLiveDeals.ts';
import {
  isSameVersion,
  type LiveDealsState,
  LiveDealsStateCodec,
  versionOf,
} from './LiveDealsState.ts';
import type { LiveDealsUpdate } from './LiveDealsUpdate.ts';
import { removalsOf } from './removalsOf.ts';

/** With a full list of 100 these are one statement by primary key still; a follower with more asks again. */
export const maxTouched = 500;

@ArgsType()
export class LiveStateArgs {
  @Field(() => String, {
    nullable: true,
    description: 'From the last update, with the same filter, order and size; absent: begin.',
  })
  state?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Deals that events named since, at most ${maxTouched}; absent: the list of the state as a page.`,
  })
  touched?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the last of these events, which becomes that of the update. Absent: the update has the cursor of the state, which is true as well but older.',
  })
  through?: string | null;
}

type Arguments = DealListArgs & LiveStateArgs & { first?: number | null };

export async function updateLiveDeals(
  context: SubgraphContext,
  args: Arguments,
): Promise<LiveDealsUpdate> {
  const { organizationId } = requireIdentity(context);
  const { name: log, secret } = context.services;
  const { filter, orderBy, state: text, touched } = args;
  const size = pageSize(args.first);
  const list = new ListQuery(context, { ...dealList, list: 'liveDeals', filter, orderBy });
  const codec = new LiveDealsStateCodec(secret, [...list.binding, size]);
  const cursorOf = (position: number) => encodeEventCursor(secret, log, organizationId, position);
  if (text == null) {
    const { deals, state } = await begin(context, list, size);
    const cursor = cursorOf(state.position);
    return { ...nothing(state), cursor, state: codec.encode(state), page: deals };
  }

  const before = codec.decode(text);
  const told = args.through == null ? 0 : positionOf(secret, args.through, { log, organizationId });
  const position = Math.max(before.position, told);
  const cursor = cursorOf(position);
  if (touched == null) {
    const found = await Promise.all(before.deals.map(({ id }) => dealById(context).load(id)));
    return {
      ...nothing(before),
      cursor,
      state: text,
      page: found.filter((deal) => deal !== undefined),
    };
  }

  const followed = await followLiveDeals(list, size, before, checkTouched(touched));
  const { deals, beyond } = followed;
  const after = { position, beyond: beyond?.id ?? null, deals: deals.map(versionOf) };
  const differences = {
    ...differencesOf(before, deals),
    removed: await removalsOf(context, removedFrom(before, deals), followed.matching),
    hasMore: beyond !== undefined,
  };
  const isSame =
    differences.hasMore === (before.beyond !== null) &&
    differences.added.length + differences.changed.length + differences.removed.length === 0;
  // The same text where there is nothing to say, so that nobody has to look closer. The deal beyond may
  // be another by now: that is seen at the next update, as at this one.
  return { ...differences, cursor, state: isSame ? text : codec.encode(after), page: null };
}

async function begin(context: SubgraphContext, list: ListQuery<Deal>, size: number) {
  const manager = await context.transaction.manager();
  // Before the rows: they may then show more events than the position says, but never fewer.
  const [log]: { position: string }[] = await manager.query('SELECT position FROM event_log');
  const rows = await list.rows({ limit: size + 1 });
  const deals = rows.slice(0, size).map(({ node }) => node);
  const state: LiveDealsState = {
    position: Number(log?.position ?? 0),
    beyond: rows[size]?.node.id ?? null,
    deals: deals.map(versionOf),
  };
  return { deals, state };
}

const nothing = ({ beyond }: LiveDealsState) => ({
  added: [],
  changed: [],
  removed: [],
  hasMore: beyond !== null,
});

function checkTouched(ids: readonly string[]): string[] {
  if (ids.length > maxTouched) {
    throw new CrmError('BAD_USER_INPUT', `touched has at most ${maxTouched} ids.`, {
      extensions: { argument: 'touched', maximum: maxTouched },
    });
  }
  return ids.filter((id) => isUuid(id)).map((id) => id.toLowerCase());
}

/** A deal whose version is the same is where it was, relative to all others of which that is true. */
function differencesOf(before: LiveDealsState, deals: readonly Deal[]) {
  const versions = new Map(before.deals.map((deal) => [deal.id, deal]));
  const indexed = deals.map((deal, index) => ({ index, deal }));
  return {
    added: indexed.filter(({ deal }) => !versions.has(deal.id)),
    changed: indexed.filter(({ deal }) => {
      const version = versions.get(deal.id);
      return version !== undefined && !isSameVersion(version, versionOf(deal));
    }),
  };
}

function removedFrom(before: LiveDealsState, deals: readonly Deal[]): string[] {
  const present = new Set(deals.map(({ id }) => id));
  return before.deals.flatMap(({ id }) => (present.has(id) ? [] : id));
}

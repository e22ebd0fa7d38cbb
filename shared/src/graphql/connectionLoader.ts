// A list below each of many parents (Contact.deals): all parents of a selection in one statement,
// by row_number() within each parent; the counts in another, when selected.
// const dealsOfContact = connectionLoader({ entity: Deal, parentColumn: 'contactId', filterFields, orderFields });
// @FieldResolver(() => DealConnection) deals(@Root() contact, …) { return dealsOfContact(context, contact.id, args); }
import DataLoader from 'dataloader';
import type { EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { pageSize } from './ConnectionArgs.ts';
import { canonical } from './canonical.ts';
import type { ConnectionOf } from './connectionOf.ts';
import { CursorCodec, type CursorValues } from './cursor.ts';
import { applyFilter } from './filter.ts';
import { Keyset } from './keyset.ts';
import { LazyConnection, type Row } from './LazyConnection.ts';
import type { ListContext, ListDefinition } from './ListQuery.ts';
import { readOrder } from './order.ts';
import type { ListArguments } from './paginate.ts';

export interface ConnectionLoaderOptions<Node extends ObjectLiteral> extends ListDefinition<Node> {
  /** The property that holds the parent's id. */
  parentColumn: string;
  /** Narrows the list beyond the client's filter, over `alias.property`. */
  where?: (query: SelectQueryBuilder<Node>) => void;
}

interface Page {
  parentId: string;
  after: CursorValues | undefined;
}

interface Loaders<Node> {
  rows: DataLoader<Page, readonly Row<Node>[], string>;
  counts: DataLoader<string, number>;
}

export type LoadConnection<Node> = (
  context: ListContext,
  parentId: string,
  args: ListArguments,
) => ConnectionOf<Node>;

export function connectionLoader<Node extends ObjectLiteral>(
  options: ConnectionLoaderOptions<Node>,
): LoadConnection<Node> {
  const { entity, parentColumn, alias = 'node', filterFields = {}, orderFields = {} } = options;
  const list = options.list ?? `${entity.name}.${parentColumn}`;
  const requests = new WeakMap<ListContext, Map<string, Loaders<Node>>>();

  function loadersOf(context: ListContext, args: ListArguments): Loaders<Node> {
    const size = pageSize(args.first);
    const orders = readOrder(args.orderBy, options.defaultOrder ?? []);
    const ofRequest = requests.get(context) ?? new Map<string, Loaders<Node>>();
    requests.set(context, ofRequest);
    // `after` is left out: each parent has its own, and pages of different parents may share a statement.
    const key = canonical([args.filter ?? null, orders, size]);
    const known = ofRequest.get(key);
    if (known) return known;

    async function matching(parentIds: readonly string[]): Promise<SelectQueryBuilder<Node>> {
      const manager = await context.transaction.manager();
      const query = manager
        .createQueryBuilder(entity as EntityTarget<Node>, alias)
        .where(`${alias}.${parentColumn} = ANY(:parentIds)`, {
          parentIds: [...new Set(parentIds)],
        });
      options.where?.(query);
      applyFilter(query, alias, args.filter, filterFields);
      return query;
    }

    /** Pages that begin at the same place. */
    async function readRows(parentIds: readonly string[], after: CursorValues | undefined) {
      const query = await matching(parentIds);
      const metadata = query.connection.getMetadata(entity);
      const keyset = new Keyset(metadata, alias, orders, orderFields);
      const parent = `${alias}.${parentColumn}`;
      query.select(`${alias}.organizationId`, 'organization_id').addSelect(`${alias}.id`, 'id');
      query.addSelect(
        `ROW_NUMBER() OVER (PARTITION BY ${parent} ORDER BY ${keyset.orderBy} )`,
        'rank',
      );
      keyset.select(query);
      if (after) keyset.after(query, after);
      const manager = await context.transaction.manager();
      const ranked = manager
        .createQueryBuilder(entity as EntityTarget<Node>, 'node')
        .innerJoin(
          `(${query.getQuery()})`,
          'ranked',
          'ranked.organization_id = node.organizationId AND ranked.id = node.id',
        )
        .setParameters(query.getParameters())
        .where('ranked.rank <= :limit', { limit: size + 1 })
        .orderBy('ranked.rank', 'ASC');
      keyset.selectFrom(ranked, 'ranked');
      const { entities, raw } = await ranked.getRawAndEntities();
      return Map.groupBy(
        entities.map((node, index) => ({ node, values: keyset.read(raw[index]) })),
        ({ node }) => String((node as Record<string, unknown>)[parentColumn]),
      );
    }

    const rows = new DataLoader<Page, readonly Row<Node>[], string>(
      async (pages) => {
        const starts = Map.groupBy(pages, ({ after }) => canonical(after ?? null));
        const read = new Map<string, Map<string, Row<Node>[]>>();
        for (const [start, group] of starts) {
          const parentIds = group.map(({ parentId }) => parentId);
          read.set(start, await readRows(parentIds, group[0]?.after));
        }
        return pages.map(({ parentId, after }) => {
          return read.get(canonical(after ?? null))?.get(parentId) ?? [];
        });
      },
      // Batches, does not remember: after a mutation in the same request the list may have changed.
      { cache: false },
    );
    const counts = new DataLoader<string, number>(
      async (parentIds) => {
        const query = await matching(parentIds);
        const found = await query
          .select(`${alias}.${parentColumn}`, 'parent')
          .addSelect('COUNT(*)', 'count')
          .groupBy(`${alias}.${parentColumn}`)
          .getRawMany<{ parent: string; count: string }>();
        const byParent = new Map(found.map(({ parent, count }) => [parent, Number(count)]));
        return parentIds.map((id) => byParent.get(id) ?? 0);
      },
      { cache: false },
    );
    const loaders = { rows, counts };
    ofRequest.set(key, loaders);
    return loaders;
  }

  return (context, parentId, args) => {
    const size = pageSize(args.first);
    const orders = readOrder(args.orderBy, options.defaultOrder ?? []);
    const codec = new CursorCodec(context.services.secret, [
      list,
      context.identity?.organizationId ?? null,
      parentId,
      args.filter ?? null,
      orders,
    ]);
    const after = args.after == null ? undefined : codec.decode(args.after);
    const loaders = loadersOf(context, args);
    return new LazyConnection<Node>({
      codec,
      size,
      continued: after !== undefined,
      rows: () => loaders.rows.load({ parentId, after }),
      count: () => loaders.counts.load(parentId),
    });
  };
}

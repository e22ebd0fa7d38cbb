// A list below each of many parents (Contact.deals): all parents of a selection in one statement, which
// reads no more than a page of each; the counts in another, when selected.
// const dealsOfContact = connectionLoader({ entity: Deal, parentColumn: 'contactId', filterFields, orderFields });
// @FieldResolver(() => DealConnection) deals(@Root() contact, …) { return dealsOfContact(context, contact.id, args); }
import DataLoader from 'dataloader';
import type { EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { defaultPageSize, pageSize } from './ConnectionArgs.ts';
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

/** In an object, since a loader waits for no statement but that which a page is in. */
interface PageRead<Node> {
  rows: Promise<readonly Row<Node>[]>;
}

interface Loaders<Node> {
  pages: DataLoader<Page, PageRead<Node>, string>;
  counts: DataLoader<string, number>;
}

/** Forty pages of the default size; making entities of that many holds up others for some 20 ms. */
const rowsPerStatement = 40 * (defaultPageSize + 1);

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

    const parent = `${alias}.${parentColumn}`;

    async function matching(): Promise<SelectQueryBuilder<Node>> {
      const manager = await context.transaction.manager();
      const query = manager.createQueryBuilder(entity as EntityTarget<Node>, alias);
      options.where?.(query);
      applyFilter(query, alias, args.filter, filterFields);
      return query;
    }

    /** Pages that begin at the same place, by parent. */
    async function readRows(parentIds: readonly string[], after: CursorValues | undefined) {
      context.budget.check();
      const query = await matching();
      const metadata = query.connection.getMetadata(entity);
      const keyset = new Keyset(metadata, alias, orders, orderFields);
      query.select(`${alias}.organizationId`, 'organization_id').addSelect(`${alias}.id`, 'id');
      query.addSelect(`ROW_NUMBER() OVER (ORDER BY ${keyset.orderBy} )`, 'rank');
      keyset.select(query);
      query.andWhere(`${parent} = "parent"."id"`);
      if (after) keyset.after(query, after);
      keyset.order(query);
      query.limit(size + 1);
      const manager = await context.transaction.manager();
      const ranked = manager
        .createQueryBuilder(entity as EntityTarget<Node>, 'node')
        .innerJoin(
          `(SELECT "page".* FROM unnest(CAST(:parentIds AS uuid[])) AS "parent"("id")
            CROSS JOIN LATERAL (${query.getQuery()}) AS "page")`,
          'ranked',
          'ranked.organization_id = node.organizationId AND ranked.id = node.id',
        )
        .setParameters({ ...query.getParameters(), parentIds })
        .orderBy('ranked.rank', 'ASC');
      keyset.selectFrom(ranked, 'ranked');
      const { entities, raw } = await ranked.getRawAndEntities();
      context.budget.rows(entities.length);
      return Map.groupBy(
        entities.map((node, index) => ({ node, values: keyset.read(raw[index]) })),
        ({ node }) => String((node as Record<string, unknown>)[parentColumn]),
      );
    }

    /** One statement after the other, each for as many parents as give no more than `rowsPerStatement`. */
    function readPages(pages: readonly Page[]): PageRead<Node>[] {
      const parentsPerStatement = Math.max(1, Math.floor(rowsPerStatement / (size + 1)));
      const keyOf = ({ parentId, after }: Page) => canonical([parentId, after ?? null]);
      const read = new Map<string, PageRead<Node>>();
      let before: Promise<unknown> = Promise.resolve();
      for (const group of Map.groupBy(pages, ({ after }) => canonical(after ?? null)).values()) {
        const distinct = [...new Map(group.map((page) => [page.parentId, page])).values()];
        for (let from = 0; from < distinct.length; from += parentsPerStatement) {
          const chunk = distinct.slice(from, from + parentsPerStatement);
          const parentIds = chunk.map(({ parentId }) => parentId);
          const statement = before.then(() => readRows(parentIds, chunk[0]?.after));
          before = statement;
          for (const page of chunk) {
            const rows = statement.then((byParent) => byParent.get(page.parentId) ?? []);
            read.set(keyOf(page), { rows });
          }
        }
      }
      return pages.map((page) => read.get(keyOf(page)) ?? { rows: Promise.resolve([]) });
    }

    const pages = new DataLoader<Page, PageRead<Node>, string>(
      async (wanted) => readPages(wanted),
      // Batches, does not remember: after a mutation in the same request the list may have changed.
      { cache: false },
    );
    const counts = new DataLoader<string, number>(
      async (parentIds) => {
        const query = await matching();
        const found = await query
          .andWhere(`${parent} = ANY(:parentIds)`, { parentIds: [...new Set(parentIds)] })
          .select(parent, 'parent')
          .addSelect('COUNT(*)', 'count')
          .groupBy(parent)
          .getRawMany<{ parent: string; count: string }>();
        const byParent = new Map(found.map(({ parent, count }) => [parent, Number(count)]));
        return parentIds.map((id) => byParent.get(id) ?? 0);
      },
      { cache: false },
    );
    const loaders = { pages, counts };
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
      rows: async () => (await loaders.pages.load({ parentId, after })).rows,
      count: () => loaders.counts.load(parentId),
    });
  };
}

// A root list: one statement for a page, one for the count, each only when selected.
// return paginate(context, { entity: Deal, filter, filterFields: dealFilterFields,
//   orderBy, orderFields: dealOrderFields, first, after });
import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { pageSize } from './ConnectionArgs.ts';
import type { ConnectionOf } from './connectionOf.ts';
import { CursorCodec } from './cursor.ts';
import { applyFilter, type FilterFields } from './filter.ts';
import { Keyset } from './keyset.ts';
import { LazyConnection } from './LazyConnection.ts';
import { type Order, type OrderBy, type OrderFields, readOrder } from './order.ts';

/** What lists need of a request's context. */
export interface ListContext {
  readonly identity?: { readonly organizationId: string } | undefined;
  readonly transaction: { manager(): Promise<EntityManager> };
  /** `secret` signs the cursors. */
  readonly services: { readonly secret: string };
}

export interface ListDefinition<Node extends ObjectLiteral> {
  /** The entity class. */
  entity: new () => Node;
  /** Name of the list, bound into its cursors. @default the entity's name */
  list?: string;
  /** Alias in SQL, for `where`. @default 'node' */
  alias?: string;
  filterFields?: FilterFields;
  orderFields?: OrderFields;
  /** Order when the client gives none. @default by id, which is by time of creation */
  defaultOrder?: readonly Order[];
}

export interface ListArguments {
  filter?: object | null | undefined;
  orderBy?: OrderBy | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}

export interface PaginateOptions<Node extends ObjectLiteral>
  extends ListDefinition<Node>,
    ListArguments {
  /** Narrows the list beyond the client's filter, over `alias.property`. */
  where?: (query: SelectQueryBuilder<Node>) => void;
  /** What `where` depends on, bound into the cursors. */
  scope?: unknown;
}

export function paginate<Node extends ObjectLiteral>(
  context: ListContext,
  options: PaginateOptions<Node>,
): ConnectionOf<Node> {
  const { entity, alias = 'node', filter, filterFields = {}, orderFields = {} } = options;
  const size = pageSize(options.first);
  const orders = readOrder(options.orderBy, options.defaultOrder ?? []);
  const codec = new CursorCodec(context.services.secret, [
    options.list ?? entity.name,
    context.identity?.organizationId ?? null,
    options.scope ?? null,
    filter ?? null,
    orders,
  ]);
  const after = options.after == null ? undefined : codec.decode(options.after);

  async function matching(): Promise<SelectQueryBuilder<Node>> {
    const manager = await context.transaction.manager();
    const query = manager.createQueryBuilder(entity as EntityTarget<Node>, alias);
    options.where?.(query);
    applyFilter(query, alias, filter, filterFields);
    return query;
  }

  return new LazyConnection<Node>({
    codec,
    size,
    continued: after !== undefined,
    rows: async () => {
      const query = await matching();
      const keyset = new Keyset(query.connection.getMetadata(entity), alias, orders, orderFields);
      keyset.select(query);
      if (after) keyset.after(query, after);
      keyset.order(query);
      const { entities, raw } = await query.limit(size + 1).getRawAndEntities();
      return entities.map((node, index) => ({ node, values: keyset.read(raw[index]) }));
    },
    count: async () => {
      const query = await matching();
      const row = await query.select('COUNT(*)', 'count').getRawOne<{ count: string }>();
      return Number(row?.count ?? 0);
    },
  });
}

// The statements of a list: what matches a client's filter, in the client's order, part by part.
// const list = new ListQuery(context, { entity: Deal, filter, filterFields, orderBy, orderFields });
// await list.rows({ after: cursorValues, limit: 26 })
import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { ResponseBudget } from '../subgraph/ResponseBudget.ts';
import type { CursorValues } from './cursor.ts';
import { applyFilter, type FilterFields } from './filter.ts';
import { Keyset } from './keyset.ts';
import type { Row } from './LazyConnection.ts';
import { type Order, type OrderBy, type OrderFields, readOrder } from './order.ts';

/** What lists need of a request's context. */
export interface ListContext {
  readonly identity?: { readonly organizationId: string } | undefined;
  readonly transaction: { manager(): Promise<EntityManager> };
  /** What is read of a list counts against it. */
  readonly budget: ResponseBudget;
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

export interface ListQueryOptions<Node extends ObjectLiteral> extends ListDefinition<Node> {
  filter?: object | null | undefined;
  orderBy?: OrderBy | undefined;
  /** Narrows the list beyond the client's filter, over `alias.property`. */
  where?: (query: SelectQueryBuilder<Node>) => void;
  /** What `where` depends on, bound into the cursors. */
  scope?: unknown;
}

export interface ListPart<Node extends ObjectLiteral> {
  /** Begins behind the row of these values. @default at the first */
  after?: CursorValues | undefined;
  /** Narrows the part, as `where` does the list. */
  where?: (query: SelectQueryBuilder<Node>) => void;
  /** @default all there are */
  limit?: number;
}

export class ListQuery<Node extends ObjectLiteral> {
  /** What a text that belongs to this list is signed with. */
  readonly binding: readonly unknown[];
  readonly #context: ListContext;
  readonly #options: ListQueryOptions<Node>;
  readonly #alias: string;
  readonly #orders: readonly Order[];

  constructor(context: ListContext, options: ListQueryOptions<Node>) {
    this.#context = context;
    this.#options = options;
    this.#alias = options.alias ?? 'node';
    this.#orders = readOrder(options.orderBy, options.defaultOrder ?? []);
    this.binding = [
      options.list ?? options.entity.name,
      context.identity?.organizationId ?? null,
      options.scope ?? null,
      options.filter ?? null,
      this.#orders,
    ];
  }

  async rows({ after, where, limit }: ListPart<Node>): Promise<Row<Node>[]> {
    const query = await this.#matching();
    where?.(query);
    const { entity, orderFields = {} } = this.#options;
    const metadata = query.connection.getMetadata(entity);
    const keyset = new Keyset(metadata, this.#alias, this.#orders, orderFields);
    keyset.select(query);
    if (after) keyset.after(query, after);
    keyset.order(query);
    const { entities, raw } = await query.limit(limit).getRawAndEntities();
    return entities.map((node, index) => ({ node, values: keyset.read(raw[index]) }));
  }

  async count(): Promise<number> {
    const query = await this.#matching();
    const row = await query.select('COUNT(*)', 'count').getRawOne<{ count: string }>();
    return Number(row?.count ?? 0);
  }

  async #matching(): Promise<SelectQueryBuilder<Node>> {
    const { entity, where, filter, filterFields = {} } = this.#options;
    const manager = await this.#context.transaction.manager();
    const query = manager.createQueryBuilder(entity as EntityTarget<Node>, this.#alias);
    where?.(query);
    applyFilter(query, this.#alias, filter, filterFields);
    return query;
  }
}

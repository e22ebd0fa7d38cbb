// DataLoaders are defined once per module and live once per request: `dealById(context).load(id)`.
import DataLoader from 'dataloader';
import { type EntityTarget, type FindOptionsOrder, type FindOptionsWhere, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import type { TenantEntity } from '../database/TenantEntity.ts';
import { inChunks } from './inChunks.ts';
import type { SubgraphContext } from './SubgraphContext.ts';

export type BatchFunction<Key, Value> = (
  keys: readonly Key[],
  context: SubgraphContext,
) => Promise<ArrayLike<Value | Error>>;

/** `cacheKey` is needed where keys are not strings. */
export function defineLoader<Key, Value>(
  batch: BatchFunction<Key, Value>,
  cacheKey: (key: Key) => string = String,
): (context: SubgraphContext) => DataLoader<Key, Value, string> {
  const definition = {};
  return (context) => {
    const known = context.loaders.get(definition);
    if (known) return known as unknown as DataLoader<Key, Value, string>;
    const loader = new DataLoader<Key, Value, string>((keys) => batch(keys, context), {
      cacheKeyFn: cacheKey,
    });
    context.loaders.set(definition, loader as unknown as DataLoader<never, unknown, string>);
    return loader;
  };
}

/** Above what pages ask for; making entities of so many rows takes some tens of milliseconds. */
const rowsPerStatement = 1_000;

/** Above what pages ask for. */
const parentsPerStatement = 500;

/** Loads entities of the caller's organization by id, in one statement; undefined where there is none. */
export function entityLoader<Entity extends TenantEntity>(target: EntityTarget<Entity>) {
  return defineLoader<string, Entity | undefined>(async (ids, context) => {
    const wanted = ids.filter((id) => isUuid(id));
    if (wanted.length === 0) return ids.map(() => undefined);
    const manager = await context.transaction.manager();
    const found = await inChunks(wanted, rowsPerStatement, (ids) =>
      manager.findBy(target, { id: In(ids) } as FindOptionsWhere<Entity>),
    );
    const byId = new Map(found.map((entity) => [entity.id, entity]));
    return ids.map((id) => byId.get(id.toLowerCase()));
  });
}

export interface ListLoaderOptions<Entity> {
  /** The property that holds the id of the record they belong to. */
  parentColumn: keyof Entity & string;
  order: FindOptionsOrder<Entity>;
  /** Of each parent; the last ones when there are more. @default all */
  limit?: number;
}

/** Loads the few entities below each of many records, in one statement; as many rows as the answer's budget has. */
export function listLoader<Entity extends TenantEntity>(
  target: EntityTarget<Entity>,
  { parentColumn, order, limit = Number.POSITIVE_INFINITY }: ListLoaderOptions<Entity>,
) {
  return defineLoader<string, Entity[]>(async (parentIds, context) => {
    const { budget, transaction } = context;
    const manager = await transaction.manager();
    const rows = await inChunks(parentIds, parentsPerStatement, async (ids) => {
      const where = { [parentColumn]: In(ids) } as FindOptionsWhere<Entity>;
      const found = await manager.find(target, { where, order, take: budget.rowsLeft + 1 });
      budget.rows(found.length);
      return found;
    });
    const byParent = Map.groupBy(rows, (row) => row[parentColumn]);
    return parentIds.map((id) => byParent.get(id as never)?.slice(-limit) ?? []);
  });
}

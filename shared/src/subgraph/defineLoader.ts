// DataLoaders are defined once per module and live once per request: `dealById(context).load(id)`.
import DataLoader from 'dataloader';
import { type EntityTarget, type FindOptionsWhere, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import type { TenantEntity } from '../database/TenantEntity.ts';
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

/** Loads entities of the caller's organization by id, in one statement; undefined where there is none. */
export function entityLoader<Entity extends TenantEntity>(target: EntityTarget<Entity>) {
  return defineLoader<string, Entity | undefined>(async (ids, context) => {
    const wanted = ids.filter((id) => isUuid(id));
    if (wanted.length === 0) return ids.map(() => undefined);
    const manager = await context.transaction.manager();
    const found = await manager.findBy(target, { id: In(wanted) } as FindOptionsWhere<Entity>);
    const byId = new Map(found.map((entity) => [entity.id, entity]));
    return ids.map((id) => byId.get(id.toLowerCase()));
  });
}

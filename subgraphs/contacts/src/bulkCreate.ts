// Creates up to a thousand records in one transaction: those without errors, each item with its result.
import type { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject, type UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { type FindOptionsWhere, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { insertRecords, type RecordKind } from './changeRecord.ts';

export const maxItems = 1_000;

/** By index of the item: the id of its record, or what was wrong with it. JSON, since it is stored. */
export type BulkOutcome = { id: string } | { userErrors: UserErrorInput[] };

export interface BulkItem {
  id?: string | null;
  externalId?: string | null;
}

export interface Bulk<Item extends BulkItem, Entity extends TenantEntity> {
  kind: RecordKind<Entity & BulkItem>;
  items: readonly Item[];
  problemsOf(item: Item, path: string[]): UserErrorInput[];
  make(item: Item): Entity & BulkItem;
  /** Adds problems that depend on the other items: by index, those so far. */
  compare?(problems: UserErrorInput[][]): void;
}

export const itemPath = (index: number): string[] => ['input', 'items', String(index)];

export async function bulkCreate<Item extends BulkItem, Entity extends TenantEntity>(
  scope: MutationScope,
  { kind, items, problemsOf, make, compare }: Bulk<Item, Entity>,
): Promise<BulkOutcome[]> {
  const problems = items.map((item, index) => problemsOf(item, itemPath(index)));
  const taken = await readTaken(scope, kind, items);
  for (const [index, item] of items.entries()) {
    for (const name of ['id', 'externalId'] as const) {
      const value = name === 'id' ? item.id?.toLowerCase() : item.externalId;
      if (value == null) continue;
      if (taken[name].has(value)) {
        const field = [...itemPath(index), name];
        problems[index]?.push({ code: 'ALREADY_EXISTS', field, message: `${value} is taken.` });
      } else if (problems[index]?.length === 0) {
        taken[name].add(value);
      }
    }
  }
  compare?.(problems);
  const created = items.map((item, index) => {
    return problems[index]?.length === 0 ? make(item) : undefined;
  });
  await insertRecords(
    scope,
    kind,
    created.filter((entity) => entity !== undefined),
  );
  return created.map((entity, index) => {
    return entity ? { id: entity.id } : { userErrors: problems[index] ?? [] };
  });
}

/** Refuses a number of items that is out of range, before anything is read for them. */
export function checkItemCount(items: readonly unknown[]): void {
  if (items.length === 0 || items.length > maxItems) {
    reject('INVALID', ['input', 'items'], `Send 1 to ${maxItems} items, not ${items.length}.`);
  }
}

/** Those of `ids` that are records of this organization, in one statement. */
export async function existingIds<Entity extends TenantEntity>(
  { manager }: MutationScope,
  entity: new () => Entity,
  ids: readonly (string | null | undefined)[],
): Promise<Set<string>> {
  const wanted = [...new Set(ids)].filter((id) => id != null && isUuid(id));
  if (wanted.length === 0) return new Set();
  const where = { id: In(wanted) } as FindOptionsWhere<Entity>;
  return new Set((await manager.findBy(entity, where)).map(({ id }) => id));
}

/** Ids and external ids among the items that records have already, in one statement. */
async function readTaken<Entity extends TenantEntity & BulkItem>(
  { manager }: MutationScope,
  { entity }: RecordKind<Entity>,
  items: readonly BulkItem[],
): Promise<Record<'id' | 'externalId', Set<string>>> {
  const externalIds = items.flatMap(({ externalId }) => externalId ?? []);
  const ids = items.flatMap(({ id }) => (id != null && isUuid(id) ? id : []));
  if (externalIds.length + ids.length === 0) return { id: new Set(), externalId: new Set() };
  const where = [{ externalId: In(externalIds) }, { id: In(ids) }] as FindOptionsWhere<Entity>[];
  const found = await manager.findBy(entity, where);
  return {
    id: new Set(found.map(({ id }) => id)),
    externalId: new Set(found.flatMap(({ externalId }) => externalId ?? [])),
  };
}

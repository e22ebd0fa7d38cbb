// Marks the caller's own notifications as read: some by id, or all.

import { maxPageSize } from '@crm-graph/shared/graphql/ConnectionArgs';
import { ListSize } from '@crm-graph/shared/graphql/cost';
import { MutationInput, MutationPayload } from '@crm-graph/shared/mutation/MutationInput';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject, UserErrors } from '@crm-graph/shared/mutation/UserError';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { type EntityManager, type FindOptionsWhere, In, IsNull } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Notification } from './Notification.ts';

@InputType({ description: 'Which notifications have been read.' })
export class MarkNotificationsReadInput extends MutationInput {
  @Field(() => [ID], { nullable: true, description: 'Up to 100; all unread ones when absent.' })
  ids?: string[] | null;
}

@ObjectType({ description: 'What markNotificationsRead answers.' })
export class MarkNotificationsReadPayload extends MutationPayload {
  @Field(() => Int, { description: 'How many were unread until now.' })
  markedCount!: number;

  @ListSize({ assumedSize: maxPageSize })
  @Field(() => [Notification], { description: 'Those named in `ids`.' })
  notifications!: Notification[];
}

export async function markNotificationsRead(
  { manager, identity, now }: MutationScope,
  input: MarkNotificationsReadInput,
): Promise<{ markedCount: number; ids: string[] }> {
  const ids = input.ids?.map((id) => id.toLowerCase());
  if (ids && ids.length > maxPageSize) {
    reject('INVALID', ['input', 'ids'], `At most ${maxPageSize} ids; these are ${ids.length}.`);
  }
  const own: FindOptionsWhere<Notification> = {
    organizationId: identity.organizationId,
    recipientId: identity.subject,
  };
  if (ids) await checkOwn(manager, own, ids);
  const { affected } = await manager.update(
    Notification,
    { ...own, readAt: IsNull(), ...(ids ? { id: In(ids) } : {}) },
    { readAt: now, updatedAt: now, version: () => 'version + 1' },
  );
  return { markedCount: affected ?? 0, ids: ids ?? [] };
}

/** Another's notification and none at all are answered alike. */
async function checkOwn(
  manager: EntityManager,
  own: FindOptionsWhere<Notification>,
  ids: readonly string[],
): Promise<void> {
  const known = await manager.find(Notification, {
    where: { ...own, id: In(ids.filter((id) => isUuid(id))) },
    select: { id: true, organizationId: true },
  });
  const found = new Set(known.map(({ id }) => id));
  const missing = ids.flatMap((id, index) => (found.has(id) ? [] : [index]));
  if (missing.length === 0) return;
  throw new UserErrors(
    missing.map((index) => ({
      code: 'NOT_FOUND',
      field: ['input', 'ids', String(index)],
      message: 'No such notification of yours.',
    })),
  );
}

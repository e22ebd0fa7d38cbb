// Changes a user. What narrows or ends its rights ends its sessions, since tokens carry the role.

import type { Revoked } from '@crm-graph/shared/identity/Revocations';
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import { type MutationScope, mutate } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { checkManagerId } from './createUser.ts';
import { readEmail, readOptionalText, readText } from './inputChecks.ts';
import { userById } from './loaders.ts';
import { Membership } from './Membership.ts';
import { Organization } from './Organization.ts';
import { checkPassword, hashBeforehand } from './password.ts';
import { Role } from './Role.ts';
import { announce, endSessions } from './revocation.ts';
import { sealPassword } from './sealPassword.ts';
import { User } from './User.ts';
import type { UpdateUserInput, UserPayload } from './userInputs.ts';
import { userRecord } from './userRecord.ts';

export const updateUser = async (
  context: SubgraphContext,
  input: UpdateUserInput,
): Promise<UserPayload> => {
  let ended: { revoked: Revoked[]; at: Date } | undefined;
  const sealed = sealPassword(context.services, input);
  const passwordHash = await hashBeforehand(input.password);
  const { stored, ...result } = await mutate(context, 'updateUser', sealed, async (scope) => {
    ended = { revoked: await update(scope, input, passwordHash), at: scope.now };
    return { id: input.id };
  });
  if (stored && ended) await announce(context.services, ended.revoked, ended.at);
  return { ...result, user: (stored && (await userById(context).load(stored.id))) ?? null };
};

/** `newHash` is that of the new password, if there is one. Returns the sessions that this ended. */
const update = async (
  scope: MutationScope,
  input: UpdateUserInput,
  newHash: string | null,
): Promise<Revoked[]> => {
  const { manager, now } = scope;
  /* One change of users at a time: "the last ADMIN" is a question about all of them. */
  await manager.findOne(Organization, { where: {}, lock: { mode: 'pessimistic_write' } });
  const { user, membership } = await readLocked(manager, input.id);
  await checkVersion(scope, user, input.expectedVersion);
  const before = userRecord(user, membership);
  const wasAdmin = user.active && membership.role === Role.ADMIN;
  assign(user, membership, input);
  await checkManager(manager, membership);
  if (input.password != null) {
    checkPassword(input.password, ['input', 'password']);
    user.passwordHash = newHash;
  }
  const record = userRecord(user, membership);
  const changes = changesOf(before, record);
  if (changes.length === 0 && input.password == null) return [];
  user.version += 1;
  user.updatedAt = now;
  const { id, name, email, externalId, active, passwordHash, version } = user;
  await manager.update(
    User,
    { id },
    { name, email, externalId, active, passwordHash, version, updatedAt: now },
  );
  const { role, team, managerId } = membership;
  await manager.update(
    Membership,
    { userId: id },
    { role, team, managerId, version: membership.version + 1, updatedAt: now },
  );
  if (wasAdmin) await checkAdmins(manager);
  scope.event({
    type: 'UserUpdated',
    entityType: 'User',
    entityId: id,
    version,
    changes,
    record,
  });
  const lessens =
    input.password != null ||
    changes.some(({ field }) => field === 'role' || (field === 'active' && !user.active));
  return lessens ? endSessions(manager, { userId: id }, now) : [];
};

const readLocked = async (
  manager: EntityManager,
  id: string,
): Promise<{ user: User; membership: Membership }> => {
  const user = isUuid(id)
    ? await manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } })
    : null;
  const membership = user && (await manager.findOneBy(Membership, { userId: user.id }));
  if (!user || !membership) reject('NOT_FOUND', ['input', 'id'], 'id: no such record.');
  return { user, membership };
};

const assign = (user: User, membership: Membership, input: UpdateUserInput): void => {
  if (input.name != null) user.name = readText(input.name, ['input', 'name']);
  if (input.email != null) user.email = readEmail(input.email, ['input', 'email']);
  if (input.active != null) user.active = input.active;
  if (input.role != null) membership.role = input.role;
  if (input.externalId !== undefined) {
    user.externalId = readOptionalText(input.externalId, ['input', 'externalId']);
  }
  if (input.team !== undefined) {
    membership.team = readOptionalText(input.team, ['input', 'team']);
  }
  if (input.managerId !== undefined) membership.managerId = input.managerId;
};

/** Nobody leads himself, not even by way of others. */
const checkManager = async (
  manager: EntityManager,
  { userId, managerId }: Membership,
): Promise<void> => {
  checkManagerId(managerId);
  if (managerId === null) return;
  const circle: unknown[] = await manager.query(
    `WITH RECURSIVE above AS (
       SELECT $1::uuid AS user_id
       UNION
       SELECT m.manager_id FROM membership m JOIN above a ON m.user_id = a.user_id
       WHERE m.manager_id IS NOT NULL
     ) SELECT 1 FROM above WHERE user_id = $2`,
    [managerId, userId],
  );
  if (circle.length > 0) {
    reject(
      'INVALID',
      ['input', 'managerId'],
      'A user cannot lead himself, not even through others.',
    );
  }
};

/** An organization without an ADMIN could never get one again. */
const checkAdmins = async (manager: EntityManager): Promise<void> => {
  const left = await manager
    .createQueryBuilder(User, 'node')
    .innerJoin(
      Membership,
      'membership',
      'membership.organizationId = node.organizationId AND membership.userId = node.id',
    )
    .where('node.active AND membership.role = :role', { role: Role.ADMIN })
    .getCount();
  if (left === 0) reject('INVALID', ['input'], 'The organization needs an active ADMIN.');
};

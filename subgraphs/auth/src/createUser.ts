// Adds a user to the organization.

import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { readEmail, readOptionalText, readText } from './inputChecks.ts';
import { userById } from './loaders.ts';
import { Membership } from './Membership.ts';
import { checkPassword, hashBeforehand } from './password.ts';
import { sealPassword } from './sealPassword.ts';
import { User } from './User.ts';
import type { CreateUserInput, UserPayload } from './userInputs.ts';
import { userRecord } from './userRecord.ts';

export const createUser = async (
  context: SubgraphContext,
  input: CreateUserInput,
): Promise<UserPayload> => {
  const sealed = sealPassword(context.services, input);
  const passwordHash = await hashBeforehand(input.password);
  const { stored, ...result } = await mutate(context, 'createUser', sealed, async (scope) => {
    const { manager, now, identity } = scope;
    const { organizationId } = identity;
    const id = input.id?.toLowerCase() ?? uuidv7();
    if (!isUuid(id)) reject('INVALID', ['input', 'id'], 'An id is a UUID.');
    checkManagerId(input.managerId);
    if (input.password != null) checkPassword(input.password, ['input', 'password']);
    const user = manager.create(User, {
      organizationId,
      id,
      version: 1,
      createdAt: now,
      updatedAt: now,
      name: readText(input.name, ['input', 'name']),
      email: readEmail(input.email, ['input', 'email']),
      externalId: readOptionalText(input.externalId, ['input', 'externalId']),
      active: true,
      passwordHash,
    });
    const membership = manager.create(Membership, {
      organizationId,
      id: uuidv7(),
      userId: id,
      role: input.role,
      team: readOptionalText(input.team, ['input', 'team']),
      managerId: input.managerId ?? null,
    });
    await manager.insert(User, user);
    await manager.insert(Membership, membership);
    const record = userRecord(user, membership);
    scope.event({
      type: 'UserCreated',
      entityType: 'User',
      entityId: id,
      version: 1,
      changes: changesOf(undefined, record),
      record,
    });
    return { id };
  });
  return { ...result, user: (stored && (await userById(context).load(stored.id))) ?? null };
};

/** What is no UUID names no user. */
export const checkManagerId = (managerId: string | null | undefined): void => {
  if (managerId == null || isUuid(managerId)) return;
  reject('NOT_FOUND', ['input', 'managerId'], 'managerId: no such record.');
};

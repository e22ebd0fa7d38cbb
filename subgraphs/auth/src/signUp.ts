// A new organization with its first user, an ADMIN. Not through `mutate`: there is no organization
// yet that could hold an idempotency key; a retry is answered with ALREADY_EXISTS.

import { pgErrorOf } from '@crm-graph/shared/database/pgError';
import { setTenant } from '@crm-graph/shared/database/setTenant';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { appendEvents } from '@crm-graph/shared/events/appendEvents';
import { constraintError } from '@crm-graph/shared/mutation/constraintError';
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { v7 as uuidv7 } from 'uuid';
import { authStateOf } from './authState.ts';
import { readEmail, readText } from './inputChecks.ts';
import { answer } from './login.ts';
import { Membership } from './Membership.ts';
import { type Member, readMember } from './member.ts';
import { Organization } from './Organization.ts';
import { openSession } from './openSession.ts';
import { checkPassword, hashPassword } from './password.ts';
import { Role } from './Role.ts';
import type { SignUpInput } from './sessionInputs.ts';
import type { SignUpPayload } from './Tokens.ts';
import { User } from './User.ts';
import { userRecord } from './userRecord.ts';

export const signUp = async (
  context: SubgraphContext,
  input: SignUpInput,
): Promise<SignUpPayload> => {
  if (!authStateOf(context.services).allowSignUp) {
    throw new CrmError('FORBIDDEN', 'Organizations cannot sign up here.', {
      extensions: { rule: 'sign-up allowed' },
    });
  }
  try {
    return { ...answer(context, await create(context, input)), userErrors: [] };
  } catch (error) {
    if (error instanceof UserErrors) return { userErrors: error.userErrors };
    const pgError = pgErrorOf(error);
    const userError = pgError && constraintError(pgError);
    if (!userError) throw error;
    return { userErrors: new UserErrors([userError]).userErrors };
  }
};

const create = async (
  { transaction, services }: SubgraphContext,
  input: SignUpInput,
): Promise<{ member: Member; sessionId: string; refreshToken: string }> => {
  const organizationName = readText(input.organizationName, ['input', 'organizationName']);
  const name = readText(input.name, ['input', 'name']);
  const email = readEmail(input.email, ['input', 'email']);
  checkPassword(input.password, ['input', 'password']);
  const passwordHash = await hashPassword(input.password);
  const organizationId = uuidv7();
  const id = uuidv7();
  return transaction.write(async (manager) => {
    await setTenant(manager, organizationId);
    await manager.insert(Organization, {
      organizationId,
      id: organizationId,
      name: organizationName,
    });
    await manager.insert(User, { organizationId, id, name, email, passwordHash });
    const role = Role.ADMIN;
    await manager.insert(Membership, { organizationId, id: uuidv7(), userId: id, role });
    const member = await readMember(manager, id);
    if (!member) throw new CrmError('INTERNAL_SERVER_ERROR', 'The new user cannot be read');
    const session = await openSession(manager, member.membership);
    const record = userRecord(member.user, member.membership);
    await appendEvents(manager, services.name, organizationId, id, [
      {
        type: 'UserCreated',
        entityType: 'User',
        entityId: id,
        version: member.user.version,
        changes: changesOf(undefined, record),
        record,
      },
    ]);
    return { member, ...session };
  });
};

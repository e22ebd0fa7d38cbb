// A password becomes a session. Unknown address, wrong password, no password and a deactivated user
// answer alike, after one argon2 verification each.
import { setTenant } from '@crm-graph/shared/database/setTenant';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { type Member, primeMember, readMember } from './member.ts';
import { accessTokenFor, openSession } from './openSession.ts';
import { isPassword } from './password.ts';
import type { Tokens } from './Tokens.ts';

interface Candidate {
  organization_id: string;
  user_id: string;
  password_hash: string | null;
}

const refused = (): CrmError => new CrmError('UNAUTHENTICATED', 'Wrong e-mail or password.');

export const login = async (
  context: SubgraphContext,
  email: string,
  password: string,
): Promise<Tokens> => {
  const [candidate] = await findCandidate(context, email);
  // No connection is held while the password is verified.
  const matches = await isPassword(password, candidate?.password_hash ?? null);
  if (!candidate || !matches) throw refused();
  const opened = await context.transaction.write(async (manager) => {
    await setTenant(manager, candidate.organization_id);
    // Whoever changes the user waits until the session can be seen, and ended; or has changed it before, which
    // is seen here: the session of a password that was reset meanwhile would outlive the reset.
    const member = await readMember(manager, candidate.user_id, { mode: 'pessimistic_read' });
    if (member?.user.passwordHash !== candidate.password_hash) throw refused();
    return { member, ...(await openSession(manager, member.membership)) };
  });
  return answer(context, opened);
};

const findCandidate = async (
  { transaction }: SubgraphContext,
  email: string,
): Promise<Candidate[]> =>
  email.includes('\0')
    ? []
    : transaction.read((manager) =>
        manager.query('SELECT organization_id, user_id, password_hash FROM login_candidate($1)', [
          email.trim(),
        ]),
      );

/** The payload of every mutation that opens or carries on a session. */
export const answer = (
  context: SubgraphContext,
  opened: { member: Member; sessionId: string; refreshToken: string },
): Tokens => {
  const { member, sessionId, refreshToken } = opened;
  primeMember(context, member);
  const token = accessTokenFor(context.services, member.membership, sessionId);
  return { ...token, refreshToken, user: member.user };
};

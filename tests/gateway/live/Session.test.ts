// A socket lasts as long as what its owner showed: a token until it expires, a key until it is refused.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Authenticator } from '@crm-graph/gateway/identity/Authenticator';
import { Session } from '@crm-graph/gateway/live/sessions/Session';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { Revocations, Revoked } from '@crm-graph/shared/identity/Revocations';

const minute = 60_000;
const identity = (expiresAt: number, token: string): Identity => ({
  kind: 'key',
  subject: 'k1',
  organizationId: 'o',
  role: 'PARTNER',
  permissions: new Set(),
  expiresAt,
  token,
});

const setUp = (apiKey: string | undefined, renew: () => Promise<Identity>) => {
  let revoked: (member: Revoked) => void = () => {};
  const close = jest.fn();
  const session = new Session({
    credentials: apiKey ? { apiKey } : { authorization: 'Bearer t' },
    identity: identity(Date.now() + 10 * minute, 'first'),
    requestId: 'r',
    traceparent: 't',
    authenticator: { renew } as unknown as Authenticator,
    revocations: {
      onRevoked: (listener: typeof revoked) => {
        revoked = listener;
        return () => {};
      },
    } as unknown as Revocations,
    close,
    released: () => {},
  });
  return { session, close, revoke: (member: Revoked) => revoked(member) };
};

describe('Session', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('closes the socket when its access token expires', async () => {
    const { close } = setUp(undefined, async () => identity(0, ''));
    await jest.advanceTimersByTimeAsync(10 * minute - 1);
    expect(close).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(close).toHaveBeenCalledWith('TOKEN_EXPIRED');
  });

  it("renews an API key's token before it expires, again and again", async () => {
    const renew = jest.fn(async () => identity(Date.now() + 10 * minute, 'renewed'));
    const { session, close } = setUp('key', renew);
    await jest.advanceTimersByTimeAsync(60 * minute);
    expect(close).not.toHaveBeenCalled();
    expect(renew.mock.calls.length).toBeGreaterThanOrEqual(6);
    expect(session.identity.token).toBe('renewed');
    session[Symbol.dispose]();
  });

  it('asks the socket to come back when its key can do something else from now on', async () => {
    const { close } = setUp('key', async () => ({
      ...identity(Date.now() + 10 * minute, 'renewed'),
      permissions: new Set(['deals:read'] as const),
    }));
    await jest.advanceTimersByTimeAsync(10 * minute);
    expect(close).toHaveBeenCalledWith('TOKEN_EXPIRED');
  });

  it('closes the socket of an API key that auth refuses, and waits for an auth that is away', async () => {
    const refused = setUp('key', async () => {
      throw new CrmError('UNAUTHENTICATED', 'no');
    });
    const away = setUp('key', async () => {
      throw new CrmError('SUBGRAPH_UNAVAILABLE', 'later');
    });
    await jest.advanceTimersByTimeAsync(9.5 * minute);
    expect(refused.close).toHaveBeenCalledWith('UNAUTHENTICATED');
    expect(away.close).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(minute);
    /* It waits between attempts by node:timers/promises, which stays real. */
    await sleep(500);
    expect(away.close).toHaveBeenCalledWith('TOKEN_EXPIRED');
  });

  it('closes the socket when what it stands on is revoked, and no other', () => {
    const { session, close, revoke } = setUp('key', async () => identity(0, ''));
    revoke('key:another');
    expect(close).not.toHaveBeenCalled();
    revoke('key:k1');
    expect(close).toHaveBeenCalledWith('UNAUTHENTICATED');
    session[Symbol.dispose]();
  });
});

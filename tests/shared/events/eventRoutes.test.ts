import { randomUUID } from 'node:crypto';
import { eventRoutes } from '@crm-graph/shared/events/eventRoutes';
import type { LogHead, LogPage } from '@crm-graph/shared/events/LogEvent';
import { type Identity, permissionsOf, type Role } from '@crm-graph/shared/identity/Identity';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import fastify from 'fastify';
import { event, type LogFixture, logger, openLog, secret } from './logFixture.ts';

let log: LogFixture;
const organizationId = randomUUID();

beforeAll(async () => {
  log = await openLog();
  await log.append(
    organizationId,
    Array.from({ length: 5 }, (_, index) => event(`event ${index + 1}`)),
  );
});
afterAll(() => log.close());

async function get(path: string, token: string | undefined) {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(new URL(path, log.url), { headers });
  return { status: response.status, body: (await response.json()) as Body };
}

type Body = Partial<LogPage> & {
  heads?: LogHead[];
  errors?: { extensions: { code: string } }[];
};

const service = () => mintServiceToken(secret, organizationId);
const codeOf = (body: Body) => body.errors?.[0]?.extensions.code;

it('gives the events after a position, and the head', async () => {
  const { status, body } = await get('/events?after=2&first=2', service());
  expect(status).toBe(200);
  const page = body as LogPage;
  expect(page.head).toBe(5);
  expect(page.events.map(({ position, record }) => [position, record.title])).toEqual([
    [3, 'event 3'],
    [4, 'event 4'],
  ]);
  expect(page.events[0]).toMatchObject({
    organizationId,
    log: log.schema,
    type: 'DealCreated',
    actorId: null,
    entityType: 'Deal',
    version: 1,
    changes: [{ field: 'title', from: null, to: 'event 3' }],
  });
  expect(page.events[0]?.occurredAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

it('gives the head alone without a position', async () => {
  expect((await get('/events', service())).body).toEqual({ events: [], head: 5, floor: 0 });
});

it('gives an organization without events an empty page', async () => {
  const { body } = await get('/events?after=0', mintServiceToken(secret, randomUUID()));
  expect(body).toEqual({ events: [], head: 0, floor: 0 });
});

it('is closed to those who do not log in', async () => {
  for (const token of [undefined, 'nonsense', mintServiceToken(`${secret}!`, organizationId)]) {
    const { status, body } = await get('/events?after=0', token);
    expect([status, codeOf(body)]).toEqual([401, 'UNAUTHENTICATED']);
  }
});

it('is closed to a service token of no organization', async () => {
  const { status, body } = await get('/events?after=0', mintServiceToken(secret, undefined));
  expect([status, codeOf(body)]).toEqual([403, 'FORBIDDEN']);
});

it.each(['after=-1', 'after=x', 'after=0&first=1001', 'after=1.5', 'after=1e30'])(
  'refuses ?%s',
  async (search) => {
    const { status, body } = await get(`/events?${search}`, service());
    expect([status, codeOf(body)]).toEqual([400, 'BAD_USER_INPUT']);
  },
);

it('refuses a position beyond the head', async () => {
  const { status, body } = await get('/events?after=6', service());
  expect([status, codeOf(body)]).toEqual([400, 'INVALID_CURSOR']);
});

it('says so when events after the position are no longer kept', async () => {
  const trimmed = randomUUID();
  await log.append(trimmed, [event('a'), event('b'), event('c')]);
  await log.database.transaction(async (manager) => {
    await manager.query(`select set_config('app.organization_id', $1, true)`, [trimmed]);
    await manager.query(`delete from "${log.schema}".event where position <= 2`);
  });
  const token = mintServiceToken(secret, trimmed);
  const { status, body } = await get('/events?after=1', token);
  expect([status, codeOf(body)]).toEqual([410, 'CURSOR_EXPIRED']);
  expect((await get('/events?after=2', token)).body.events).toHaveLength(1);
  expect((await get('/events?after=3', token)).body).toEqual({ events: [], head: 3, floor: 0 });
});

it('lists the heads of all organizations to services alone', async () => {
  const { body } = await get('/events/heads', mintServiceToken(secret, undefined));
  expect(body.heads).toContainEqual({ organizationId, position: 5 });
});

it('gives the compacted log to services alone', async () => {
  const compacted = await get('/events?after=0&compacted=true', service());
  expect(compacted.body.events?.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
});

describe('the permission events:read', () => {
  async function asRole(role: Role, path: string, scopes?: Identity['scopes']) {
    const http = fastify();
    const verifier = {
      verify: async (token: string): Promise<Identity> => ({
        kind: 'user',
        subject: randomUUID(),
        organizationId,
        role,
        permissions: permissionsOf(role, scopes),
        expiresAt: Date.now() + 60_000,
        token,
      }),
    };
    await http.register(eventRoutes, { log: log.schema, database: log.database, verifier, logger });
    const url = await http.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(new URL(path, url), { headers: { authorization: 'Bearer x' } });
    await answer.text();
    await http.close();
    return answer.status;
  }

  it('opens the log', async () => {
    for (const role of ['ADMIN', 'MANAGER', 'USER', 'PARTNER'] as const) {
      expect(await asRole(role, '/events?after=0')).toBe(200);
    }
  });

  it('is needed', async () => {
    expect(await asRole('PARTNER', '/events?after=0', ['deals:read'])).toBe(403);
  });

  it('does not open the heads of all organizations, not even to administrators', async () => {
    expect(await asRole('ADMIN', '/events/heads')).toBe(403);
  });

  it('does not open the compacted log', async () => {
    expect(await asRole('ADMIN', '/events?after=0&compacted=true')).toBe(403);
    expect(await asRole('ADMIN', '/events?after=0&compacted=false')).toBe(200);
  });
});

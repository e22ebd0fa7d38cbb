// Serves a subgraph's event log over HTTP to consumers that heal a gap: GET /events for the caller's
// organization, GET /events/heads for services.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { CrmError } from '../errors/CrmError.ts';
import type { Identity } from '../identity/Identity.ts';
import type { Logger } from '../logger.ts';
import { type EventRow, eventOfRow, readStatement } from './eventRow.ts';
import type { LogHead, LogPage } from './LogEvent.ts';

export interface EventRoutesOptions {
  /** The subgraph's schema, which is also its log's name. */
  log: string;
  database: DataSource;
  verifier: { verify(token: string): Promise<Identity> };
  logger: Logger;
}

// A page of 1,000 deal events is about 1 MB of JSON.
const maxPage = 1_000;
const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const query = z.object({
  after: position.optional(),
  first: z.coerce.number().int().min(0).max(maxPage).default(maxPage),
});

/** A Fastify plugin. */
export async function eventRoutes(
  fastify: FastifyInstance,
  options: EventRoutesOptions,
): Promise<void> {
  fastify.get(
    '/events',
    answer(options, (request) => readLog(options, request)),
  );
  fastify.get(
    '/events/heads',
    answer(options, (request) => readHeads(options, request)),
  );
}

/** Coded errors become `{errors: [{message, extensions: {code}}]}` with the code's status. */
function answer(
  { logger }: EventRoutesOptions,
  read: (request: FastifyRequest) => Promise<unknown>,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      return await read(request);
    } catch (error) {
      const known =
        error instanceof CrmError
          ? error
          : new CrmError('INTERNAL_SERVER_ERROR', 'The log could not be read.', { cause: error });
      if (known !== error) logger.error('reading the log failed', { cause: error });
      reply.code(known.status);
      return { errors: [{ message: known.message, extensions: known.extensions }] };
    }
  };
}

async function identify(
  { verifier }: EventRoutesOptions,
  request: FastifyRequest,
): Promise<Identity> {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token) {
    throw new CrmError('UNAUTHENTICATED', 'Send a bearer token.');
  }
  return verifier.verify(token);
}

/** Without `after` there are no events, only the head: where a reader of what is to come begins. */
async function readLog(options: EventRoutesOptions, request: FastifyRequest): Promise<LogPage> {
  const identity = await identify(options, request);
  if (identity.role !== 'SERVICE' && !identity.permissions.has('events:read')) {
    throw new CrmError('FORBIDDEN', 'Reading events needs the permission events:read.', {
      extensions: { rule: 'can events:read' },
    });
  }
  if (!identity.organizationId) {
    throw new CrmError('FORBIDDEN', 'This token is not for an organization.');
  }
  const { success, data, error } = query.safeParse(request.query);
  if (!success) {
    throw new CrmError('BAD_USER_INPUT', z.prettifyError(error), { cause: error });
  }
  const first = data.after === undefined ? 0 : data.first;
  const page = await readPage(options, identity.organizationId, data.after ?? 0, first);
  if (data.after !== undefined) checkReach(page, data.after, first);
  return page;
}

async function readPage(
  { database, log }: EventRoutesOptions,
  organizationId: string,
  after: number,
  first: number,
): Promise<LogPage> {
  return database.transaction(async (manager) => {
    await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
    // The head is read first: events that come between the two statements only make a page longer.
    const heads: { position: string }[] = await manager.query(
      `select position from "${log}"."event_log" where organization_id = $1`,
      [organizationId],
    );
    const head = Number(heads[0]?.position ?? 0);
    if (first === 0) return { events: [], head };
    const rows: EventRow[] = await manager.query(readStatement(log), [
      organizationId,
      after,
      first,
    ]);
    const events = rows.map((row) => eventOfRow(log, row));
    return { events, head: Math.max(head, events.at(-1)?.position ?? 0) };
  });
}

/** Positions have no gaps, so a page that does not begin right after `after` says what is missing. */
function checkReach({ events, head }: LogPage, after: number, first: number): void {
  if (after > head) {
    throw new CrmError('INVALID_CURSOR', 'The log does not reach as far as this position.');
  }
  if (first === 0 || after === head) return;
  if (events[0]?.position !== after + 1) {
    throw new CrmError('CURSOR_EXPIRED', 'The events after this position are no longer kept.', {
      extensions: { oldest: events[0]?.position ?? head + 1 },
    });
  }
}

async function readHeads(
  options: EventRoutesOptions,
  request: FastifyRequest,
): Promise<{ heads: LogHead[] }> {
  const identity = await identify(options, request);
  if (identity.role !== 'SERVICE') {
    throw new CrmError('FORBIDDEN', 'Only services may read the heads of all organizations.', {
      extensions: { rule: 'service' },
    });
  }
  const rows: { organization_id: string; position: string }[] = await options.database.query(
    `select organization_id, position from "${options.log}".event_heads()`,
  );
  return {
    heads: rows.map((row) => ({
      organizationId: row.organization_id,
      position: Number(row.position),
    })),
  };
}

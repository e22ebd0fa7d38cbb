// Serves a subgraph's event log over HTTP to consumers that heal a gap: GET /events for the caller's
// organization, GET /events/heads for services.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { TenantTransaction } from '../database/TenantTransaction.ts';
import { CrmError } from '../errors/CrmError.ts';
import type { Identity } from '../identity/Identity.ts';
import type { Logger } from '../logger.ts';
import type { LogHead, LogPage } from './LogEvent.ts';
import { readEventPage } from './readEventPage.ts';

export interface EventRoutesOptions {
  /** The subgraph's schema, which is also its log's name. */
  log: string;
  database: DataSource;
  verifier: { verify(token: string): Promise<Identity> };
  logger: Logger;
}

// A page of 1,000 deal events is about 1 MB of JSON.
const maxPage = 1_000;
// LogClient waits no longer.
const deadlineMs = 5_000;
const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const query = z.object({
  after: position.optional(),
  first: z.coerce.number().int().min(0).max(maxPage).default(maxPage),
  /** For services that make a state anew: see EventPageOptions. */
  compacted: z.enum(['true', 'false']).default('false'),
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

async function readLog(options: EventRoutesOptions, request: FastifyRequest): Promise<LogPage> {
  const identity = await identify(options, request);
  const isService = identity.role === 'SERVICE';
  if (!isService && !identity.permissions.has('events:read')) {
    throw new CrmError('FORBIDDEN', 'Reading events needs the permission events:read.', {
      extensions: { rule: 'can events:read' },
    });
  }
  const { organizationId } = identity;
  if (!organizationId) {
    throw new CrmError('FORBIDDEN', 'This token is not for an organization.');
  }
  const { success, data, error } = query.safeParse(request.query);
  if (!success) {
    throw new CrmError('BAD_USER_INPUT', z.prettifyError(error), { cause: error });
  }
  const isCompacted = data.compacted === 'true';
  if (isCompacted && !isService) throw servicesOnly('Only services may read the compacted log.');
  const first = data.after === undefined ? 0 : data.first;
  const after = data.after ?? 0;
  await using transaction = new TenantTransaction({
    dataSource: options.database,
    organizationId,
    deadline: Date.now() + deadlineMs,
  });
  const manager = await transaction.manager();
  return await readEventPage(manager, options.log, { organizationId, after, first, isCompacted });
}

async function readHeads(
  options: EventRoutesOptions,
  request: FastifyRequest,
): Promise<{ heads: LogHead[] }> {
  const identity = await identify(options, request);
  if (identity.role !== 'SERVICE') {
    throw servicesOnly('Only services may read the heads of all organizations.');
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

function servicesOnly(message: string): CrmError {
  return new CrmError('FORBIDDEN', message, { extensions: { rule: 'service' } });
}

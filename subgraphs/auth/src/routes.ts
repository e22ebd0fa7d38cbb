// What auth serves beside the graph: its public keys to everybody; to services API keys' tokens and who
// the administrators of an organization are.

import { setTenant } from '@crm-graph/shared/database/setTenant';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { administratorIds } from './administratorIds.ts';
import { authStateOf } from './authState.ts';
import { exchangeApiKey } from './exchangeApiKey.ts';

/** Less than the time a new key is published before it signs. */
const keySetMaxAgeSeconds = 30;
/** A key has 91 characters. */
const maxBodyBytes = 4_096;

const keyBody = z.object({ key: z.string() });

export const authRoutes = (http: FastifyInstance, services: SubgraphServices): void => {
  const answer = async (reply: FastifyReply, work: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await work();
    } catch (error) {
      const known =
        error instanceof CrmError
          ? error
          : new CrmError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
      if (known !== error) services.logger.error('a route of auth failed', { cause: error });
      reply.code(known.status);
      return { errors: [{ message: known.message, extensions: known.extensions }] };
    }
  };

  http.get('/.well-known/jwks.json', (_request, reply) => {
    reply.header('cache-control', `public, max-age=${keySetMaxAgeSeconds}`);
    return answer(reply, async () => authStateOf(services).signingKeys.published());
  });

  http.post('/internal/api-key', { bodyLimit: maxBodyBytes }, (request, reply) =>
    answer(reply, async () => {
      await requireService(services, request.headers.authorization);
      const body = keyBody.safeParse(request.body);
      if (!body.success) throw new CrmError('BAD_USER_INPUT', 'Send {"key": "crm_…"}.');
      const { accessToken, expiresAt } = await exchangeApiKey(services, body.data.key);
      reply.header('cache-control', 'no-store');
      return { accessToken, expiresAt: expiresAt.toISOString() };
    }),
  );

  http.get('/internal/administrators', (request, reply) =>
    answer(reply, async () => {
      const { organizationId } = await requireService(services, request.headers.authorization);
      if (!organizationId) throw new CrmError('FORBIDDEN', 'This token is of no organization.');
      reply.header('cache-control', 'no-store');
      const administrators = await services.dataSource.transaction(async (manager) => {
        await setTenant(manager, organizationId);
        return administratorIds(manager, organizationId);
      });
      return { administrators };
    }),
  );
};

const requireService = async (
  { verifier }: SubgraphServices,
  authorization: string | undefined,
): Promise<Identity> => {
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined;
  if (!token) throw new CrmError('UNAUTHENTICATED', 'Send a bearer token.');
  const identity = await verifier.verify(token);
  if (identity.role !== 'SERVICE') {
    throw new CrmError('FORBIDDEN', 'Only services may do this.', {
      extensions: { rule: 'service' },
    });
  }
  return identity;
};

// The pages for people: an index at /, and GraphiQL from npm at /explorer, which needs no internet.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Logger } from '@crm-graph/shared/logger';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { contentSecurityPolicy, explorerPage, indexPage } from './pages.ts';

/** What the build makes of gateway/explorer. */
const builtAssets = join(import.meta.dirname, '..', '..', 'assets');

/** Without the bundle, /explorer answers NOT_FOUND and says how to make it. */
export const explorerRoutes = async (
  http: FastifyInstance,
  logger: Logger,
  assets = builtAssets,
): Promise<void> => {
  const isBundled = existsSync(join(assets, 'explorer.js'));
  if (!isBundled) logger.warn('the explorer is not built: npm run build makes it');

  await http.register(async (pages) => {
    pages.addHook('onSend', async (_request, reply) => {
      reply.headers({
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    });
    pages.get('/', async (_request, reply) => reply.type('text/html').send(indexPage));
    pages.get('/explorer', async (_request, reply) => {
      if (!isBundled) throw notBuilt();
      return reply.type('text/html').send(explorerPage);
    });
    if (isBundled) {
      await pages.register(fastifyStatic, { root: assets, prefix: '/explorer/assets/' });
    }
  });
};

const notBuilt = (): CrmError =>
  new CrmError(
    'NOT_FOUND',
    'The explorer is not built: run npm run build, then start the gateway again.',
  );

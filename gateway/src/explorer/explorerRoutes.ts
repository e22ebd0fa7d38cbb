// The pages for people: an index at /, and GraphiQL from npm at /explorer, which needs no internet.
import { mkdir } from 'node:fs/promises';
import type { Logger } from '@crm-graph/shared/logger';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { assetsFolder, bundleExplorer } from './bundleExplorer.ts';
import { contentSecurityPolicy, explorerPage, indexPage } from './pages.ts';

/** Bundles in the background when needed; who asks for a page meanwhile waits for it. */
export const explorerRoutes = async (http: FastifyInstance, logger: Logger): Promise<void> => {
  const bundled = bundleExplorer().catch((cause) => {
    logger.error('the explorer could not be bundled', { cause });
  });
  await mkdir(assetsFolder, { recursive: true });

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
      await bundled;
      return reply.type('text/html').send(explorerPage);
    });
    await pages.register(fastifyStatic, { root: assetsFolder, prefix: '/explorer/assets/' });
  });
};

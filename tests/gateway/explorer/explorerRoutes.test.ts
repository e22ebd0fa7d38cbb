// The explorer's pages over a folder of assets that was built, and over one that was not.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explorerRoutes } from '@crm-graph/gateway/explorer/explorerRoutes';
import type { CrmError } from '@crm-graph/shared/errors/CrmError';
import { createLogger } from '@crm-graph/shared/logger';
import fastify, { type FastifyInstance } from 'fastify';

const folder = mkdtempSync(join(tmpdir(), 'crm-graph-explorer-'));
const logger = createLogger({ service: 'test', level: 'error' });
const running: FastifyInstance[] = [];

afterAll(async () => {
  for (const http of running) await http.close();
  rmSync(folder, { recursive: true, force: true });
});

async function pages(assets: string) {
  const http = fastify();
  http.setErrorHandler<CrmError>(({ code, message, status }, _request, reply) =>
    reply.code(status).send({ code, message }),
  );
  await explorerRoutes(http, logger, assets);
  const address = await http.listen({ host: '127.0.0.1', port: 0 });
  running.push(http);
  return async (path: string) => {
    const response = await fetch(`${address}${path}`);
    return { status: response.status, text: await response.text() };
  };
}

test('without the bundle /explorer says how to make it, and the other page is served', async () => {
  const get = await pages(join(folder, 'missing'));
  const answer = await get('/explorer');
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.text)).toEqual({
    code: 'NOT_FOUND',
    message: 'The explorer is not built: run npm run build, then start the gateway again.',
  });
  expect((await get('/explorer/assets/explorer.js')).status).toBe(404);
  expect((await get('/')).text).toContain('CRM Graph');
});

test('with the bundle /explorer and its assets are served', async () => {
  mkdirSync(join(folder, 'built'));
  writeFileSync(join(folder, 'built/explorer.js'), 'export {};');
  const get = await pages(join(folder, 'built'));
  expect((await get('/explorer')).text).toContain('/explorer/assets/explorer.js');
  expect((await get('/explorer/assets/explorer.js')).text).toBe('export {};');
});

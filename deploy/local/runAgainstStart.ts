// Runs one of the project's commands (npm run migrate, npm run analytics:rebuild) against the graph
// that `npm start` runs in DATA_DIR, with the environment that start gave its processes. What the
// environment says itself wins: with DATABASE_URL set, nothing is looked up.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadEnvFile } from './loadEnvFile.ts';
import type { Secrets } from './secrets.ts';
import type { Ready } from './summary.ts';

const root = resolve(import.meta.dirname, '../../..');
loadEnvFile(root);

function fromDataDir<T>(file: string): T | undefined {
  const dataDir = process.env['DATA_DIR'] || '.data';
  try {
    return JSON.parse(readFileSync(join(dataDir, file), 'utf8'));
  } catch {
    return undefined;
  }
}

function environmentFor(role: string): NodeJS.ProcessEnv {
  const ready = process.env['DATABASE_URL'] ? undefined : fromDataDir<Ready>('ready.json');
  if (!ready) return {};
  const secrets = fromDataDir<Secrets>('secrets.json');
  return {
    DATABASE_URL: ready.subgraphDatabaseUrls[role] ?? ready.databaseUrl,
    REDIS_URL: ready.redisUrl,
    INTERNAL_SECRET: ready.internalSecret,
    DEALS_URL: ready.subgraphUrls['deals'],
    JWKS_URL: `${ready.subgraphUrls['auth']}/.well-known/jwks.json`,
    ...(role === 'auth' && { KEY_ENCRYPTION_KEY: secrets?.keyEncryptionKey }),
  };
}

const [role = '', script = '', ...args] = process.argv.slice(2);
const child = spawn(process.execPath, [join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, ...environmentFor(role) },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});

// `npm start`: runs the whole graph on this machine, from databases to gateway, and stops it again.
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readConfig } from '@crm-graph/shared/config';
import pg from 'pg';
import { type LocalConfig, localConfig } from './config.ts';
import { type DataFolder, openDataFolder } from './dataFolder.ts';
import { demoData } from './demoData.ts';
import { claimPort, freePorts } from './freePorts.ts';
import { type GraphOptions, roleUrl, startGraph, subgraphNames } from './graphProcesses.ts';
import { redisServer } from './installRedis.ts';
import { loadEnvFile } from './loadEnvFile.ts';
import { migrate } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { Stack } from './Stack.ts';
import { StartUpError } from './StartUpError.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { say, step } from './steps.ts';
import { showSummary, writeReadyFile } from './summary.ts';

/** The project's folder: this file is deploy/dist/local/main.js. */
const root = resolve(import.meta.dirname, '../../..');

async function database(
  config: LocalConfig,
  secrets: Secrets,
  folder: DataFolder,
  port: number,
  stack: Stack,
): Promise<string> {
  const { DATABASE_URL } = config;
  if (DATABASE_URL !== undefined) {
    await step('database of DATABASE_URL', async () => {
      const client = new pg.Client({
        connectionString: DATABASE_URL,
        connectionTimeoutMillis: 5_000,
      });
      client.on('error', () => undefined);
      await client.connect().catch((error: Error) => {
        throw new StartUpError(`DATABASE_URL: cannot connect: ${error.message}`);
      });
      await client.end();
    });
    return DATABASE_URL;
  }
  const options = {
    dataDir: folder.path,
    logFile: `${folder.logs}/postgres.log`,
    port,
    superuserPassword: secrets.superuserPassword,
    ownerPassword: secrets.ownerPassword,
  };
  const { child, url } = await step(
    'Postgres',
    () => startPostgres(options),
    ({ created, copy }) => {
      const notes = [
        ...(created ? ['created'] : []),
        ...(copy ? [`its programs run from ${copy}, where its user can reach them`] : []),
      ];
      return notes.join('; ');
    },
  );
  stack.add(child, async (onStart) => {
    await startPostgres(options, onStart);
  });
  return url;
}

async function redis(
  config: LocalConfig,
  secrets: Secrets,
  folder: DataFolder,
  port: number,
  stack: Stack,
): Promise<string> {
  if (config.REDIS_URL !== undefined) return config.REDIS_URL;
  return step('Redis', async () => {
    const options = {
      server: await redisServer(`${folder.logs}/install-redis.log`, say),
      dataDir: folder.path,
      logFile: `${folder.logs}/redis.log`,
      port,
      password: secrets.redisPassword,
    };
    const { child, url } = await startRedis(options);
    stack.add(child, async (onStart) => {
      await startRedis(options, onStart);
    });
    return url;
  });
}

async function start(config: LocalConfig, folder: DataFolder, stack: Stack): Promise<void> {
  const gatewayPort = await claimPort(config.PORT, config.HOST);
  const secrets = await readSecrets(folder.path);
  const [postgresPort = 0, redisPort = 0, ...rest] = await freePorts(2 + subgraphNames.length);
  const ports = Object.fromEntries(subgraphNames.map((name, index) => [name, rest[index] ?? 0]));
  const ownerUrl = await database(config, secrets, folder, postgresPort, stack);
  const redisUrl = await redis(config, secrets, folder, redisPort, stack);
  const options: GraphOptions = {
    config,
    secrets,
    ports: ports as GraphOptions['ports'],
    gatewayPort,
    ownerUrl,
    redisUrl,
    root,
    dataDir: folder.path,
    logs: folder.logs,
  };
  const { rolePasswords } = secrets;
  await step(
    'migrations',
    () => migrate({ root, logs: folder.logs, ownerUrl, rolePasswords }),
    (done) => done,
  );
  await step('subgraphs and gateway', () =>
    startGraph(options, (child, restart) => stack.add(child, restart)),
  );

  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? 'localhost' : config.HOST;
  const graphUrl = `http://${host === '127.0.0.1' ? 'localhost' : host}:${gatewayPort}/graphql`;
  const demo = config.SEED_DEMO
    ? await step(
        'demo data',
        () => demoData(graphUrl, folder.path, (line) => say(`        ${line}`)),
        ({ created }) => (created ? 'created' : undefined),
      )
    : undefined;
  const url = (name: keyof GraphOptions['ports']) => `http://127.0.0.1:${options.ports[name]}`;
  const ready = {
    graphUrl,
    explorerUrl: graphUrl.replace('/graphql', '/explorer'),
    pid: process.pid,
    pids: stack.pids,
    ports: { gateway: gatewayPort, postgres: postgresPort, redis: redisPort, ...ports },
    subgraphUrls: Object.fromEntries(subgraphNames.map((name) => [name, url(name)])),
    databaseUrl: ownerUrl,
    subgraphDatabaseUrls: Object.fromEntries(
      subgraphNames.map((name) => [name, roleUrl(ownerUrl, name, rolePasswords[name])]),
    ),
    redisUrl,
    internalSecret: secrets.internalSecret,
    dataDir: folder.path,
    demo: demo?.logins,
    partnerKey: demo?.logins.partnerKey,
  };
  const writeReady = async () => {
    const now = { ...ready, pids: stack.pids };
    await writeReadyFile(join(folder.path, 'ready.json'), now);
    if (config.READY_FILE !== undefined) await writeReadyFile(config.READY_FILE, now);
  };
  await writeReady();
  stack.restart(writeReady);
  showSummary(options, ready);
}

/** Settles with the reason to stop: a signal, or the end of the process that started this one. */
function stopRequested(stack: Stack): Promise<string> {
  return new Promise((settle) => {
    let askedAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        askedAt ??= Date.now();
        // Asked again, insist. npm passes a Ctrl-C on, so one may arrive twice within moments.
        if (Date.now() - askedAt > 1_000) stack.kill();
        settle(signal);
      });
    }
    const parent = process.ppid;
    if (parent === 1) return;
    setInterval(() => {
      if (process.ppid !== parent) settle('the process that started it is gone');
    }, 500).unref();
  });
}

async function main(): Promise<number> {
  // Only `npm start` asks for it: tests start this file with an environment of their own.
  if (process.argv.includes('--env-file-of-project')) loadEnvFile(root);
  const config = readConfig(localConfig);
  // For this process and all it starts: data, logs and secrets are for their owner only.
  process.umask(0o077);
  await using folder = await openDataFolder(config.DATA_DIR);
  const stack = new Stack();
  const stopped = stopRequested(stack).then((reason) => ({ reason, code: 0 }));
  const broken = stack.broken.then((reason) => ({ reason, code: 1 }));
  // A console that went away (a closed terminal) must not keep the stop from finishing.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  say(`CRM Graph starts; data in ${folder.path}`);
  try {
    const early = await Promise.race([stopped, broken, start(config, folder, stack)]);
    const { reason, code } = early ?? (await Promise.race([stopped, broken]));
    if (code === 0) say(`\nStopping (${reason})`);
    else process.stderr.write(`\n${reason}\n\nStopping everything else\n`);
    return code;
  } catch (error) {
    const message = error instanceof StartUpError ? error.message : (error as Error).stack;
    process.stderr.write(`\n${message}\n`);
    return 1;
  } finally {
    const since = performance.now();
    await stack.stop((name) => say(`${name} did not stop in time and was killed`));
    await rm(join(folder.path, 'ready.json'), { force: true });
    say(`Stopped in ${((performance.now() - since) / 1000).toFixed(1)} s`);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const message = error instanceof StartUpError ? error.message : (error as Error).stack;
    process.stderr.write(`\n${message}\n`);
    process.exit(1);
  },
);

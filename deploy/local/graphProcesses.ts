// The five subgraphs and the gateway as processes: their environment, their start, their readiness.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './Child.ts';
import type { LocalConfig } from './config.ts';
import { describeEnd, type Restart } from './restarting.ts';
import { StartUpError } from './StartUpError.ts';
import type { Secrets } from './secrets.ts';
import { say } from './steps.ts';

export const subgraphNames = ['auth', 'contacts', 'deals', 'tasks', 'analytics'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

export interface GraphOptions {
  config: LocalConfig;
  secrets: Secrets;
  /** Ports of the subgraphs. */
  ports: Record<SubgraphName, number>;
  gatewayPort: number;
  ownerUrl: string;
  redisUrl: string;
  root: string;
  dataDir: string;
  logs: string;
}

/** How long a process may take until it listens; it takes 1 to 3 s on two cores. */
const startTimeoutMs = 60_000;

/** The owner's URL with the user replaced by the subgraph's role. */
export function roleUrl(ownerUrl: string, name: SubgraphName, password: string): string {
  const url = new URL(ownerUrl);
  url.username = `crm_${name}`;
  url.password = password;
  return url.href;
}

/** What all six processes are told. */
function commonEnv(options: GraphOptions): NodeJS.ProcessEnv {
  const { config, secrets, ports } = options;
  return {
    ...process.env,
    REDIS_URL: options.redisUrl,
    JWKS_URL: `http://127.0.0.1:${ports.auth}/.well-known/jwks.json`,
    INTERNAL_SECRET: secrets.internalSecret,
    // By themselves the processes are in production.
    GRAPH_MODE: config.GRAPH_MODE,
    LOG_LEVEL: config.LOG_LEVEL,
    OTEL_EXPORTER_OTLP_ENDPOINT: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  };
}

export function subgraphEnv(options: GraphOptions, name: SubgraphName): NodeJS.ProcessEnv {
  const { secrets, ports } = options;
  return {
    ...commonEnv(options),
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    DATABASE_URL: roleUrl(options.ownerUrl, name, secrets.rolePasswords[name]),
    ...((name === 'auth' || name === 'tasks') && { KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey }),
    ...(name === 'tasks' && {
      AUTH_URL: `http://127.0.0.1:${ports.auth}`,
      CONTACTS_URL: `http://127.0.0.1:${ports.contacts}`,
      TASKS_URL: `http://127.0.0.1:${ports.tasks}`,
      WEBHOOK_ALLOW_LOOPBACK: String(options.config.WEBHOOK_ALLOW_LOOPBACK),
    }),
    ...((name === 'tasks' || name === 'analytics') && {
      DEALS_URL: `http://127.0.0.1:${ports.deals}`,
    }),
  };
}

function gatewayEnv(options: GraphOptions): NodeJS.ProcessEnv {
  const urls = subgraphNames.map((name) => [
    `${name.toUpperCase()}_URL`,
    `http://127.0.0.1:${options.ports[name]}`,
  ]);
  return {
    ...commonEnv(options),
    HOST: options.config.HOST,
    PORT: String(options.gatewayPort),
    DATABASE_URL: undefined,
    ...Object.fromEntries(urls),
  };
}

/**
 * A warning or an error of a child's JSON log is shown on the console; the file has the rest. While
 * they start, they warn of each other's absence: that is left to the file.
 */
function showProblem(name: string, line: string, isUp: boolean): void {
  const { level, message, stack, cause, error } = parsed(line) ?? {};
  if (level !== 'error' && (level !== 'warn' || !isUp)) return;
  const detail = [cause, error]
    .map((value) => (value as { message?: unknown } | undefined)?.message)
    .filter((text) => typeof text === 'string');
  const text = [message, ...detail].join(': ').replace(controls, escaped);
  say(`[${name}] ${level}: ${text}${stack ? ` (${name}.log has more)` : ''}`);
}

/** What clients sent may be part of a message: it must not look like further lines. */
const controls = /\p{Cc}/gu;
const escaped = (control: string): string => JSON.stringify(control).slice(1, -1);

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

interface GraphProcess {
  name: string;
  main: string;
  env: NodeJS.ProcessEnv;
  url: string;
}

function graphProcesses(options: GraphOptions): GraphProcess[] {
  const { HOST } = options.config;
  const host = HOST.includes(':') ? `[${HOST}]` : HOST;
  const reachable = host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host;
  return [
    ...subgraphNames.map((name) => ({
      name,
      main: `subgraphs/${name}/dist/main.js`,
      env: subgraphEnv(options, name),
      url: `http://127.0.0.1:${options.ports[name]}`,
    })),
    {
      name: 'gateway',
      main: 'gateway/dist/main.js',
      env: gatewayEnv(options),
      url: `http://${reachable}:${options.gatewayPort}`,
    },
  ];
}

/** Resolves when the process is ready; `onStart` hears of it before, so that it can be stopped. */
async function startProcess(
  { name, main, env, url }: GraphProcess,
  { root, logs }: GraphOptions,
  state: { isUp: boolean },
  onStart: (child: Child) => void,
): Promise<void> {
  const child = await Child.start({
    name,
    command: process.execPath,
    args: ['--import', join(import.meta.dirname, 'endWithParent.js'), join(root, main)],
    env,
    cwd: root,
    ipc: true,
    logFile: join(logs, `${name}.log`),
    onLine: (line) => showProblem(name, line, state.isUp),
  });
  onStart(child);
  await ready(child, url);
}

/** Waits until the process says that it is ready. */
function ready(child: Child, url: string): Promise<void> {
  const timeout = AbortSignal.timeout(startTimeoutMs);
  const died = child.ended.then((end) => {
    throw new StartUpError(describeEnd(child, end));
  });
  const late = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () =>
      reject(new StartUpError(`${child.name} is not ready after ${startTimeoutMs / 1000} s`)),
    );
  });
  const healthy = async () => {
    while (!timeout.aborted && !child.hasEnded) {
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await sleep(50);
    }
  };
  return Promise.race([healthy(), died, late]);
}

/** Starts all six at once; `onStart` hears of each process, and how to start it again. */
export async function startGraph(
  options: GraphOptions,
  onStart: (child: Child, restart: Restart) => void,
): Promise<void> {
  const state = { isUp: false };
  const started = graphProcesses(options).map((graphProcess) => {
    const restart: Restart = async (onRestart) => {
      const own = { isUp: false };
      await startProcess(graphProcess, options, own, onRestart);
      own.isUp = true;
    };
    return startProcess(graphProcess, options, state, (child) => onStart(child, restart));
  });
  await Promise.all(started);
  state.isUp = true;
}

// The private redis-server: a loopback port with a password, its data in DATA_DIR.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './Child.ts';
import { guard } from './guard.ts';
import { commandLine, endForeign } from './processInfo.ts';
import { StartUpError } from './StartUpError.ts';

export interface RedisOptions {
  server: string;
  dataDir: string;
  logFile: string;
  port: number;
  password: string;
}

/** Whether the server answers an inline AUTH and PING. */
function answers(options: RedisOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(options.port, '127.0.0.1');
    let text = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text.includes('+PONG')));
    socket.on('connect', () => socket.write(`AUTH ${options.password}\r\nPING\r\n`));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (/\+PONG|-/.test(text)) socket.destroy();
    });
  });
}

/** The configuration is a file, so that the password is in no process list. */
async function writeConfiguration(options: RedisOptions, folder: string): Promise<string> {
  const file = join(folder, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${options.port}`,
    `requirepass ${options.password}`,
    `dir ${JSON.stringify(folder)}`,
    `pidfile ${JSON.stringify(join(folder, 'redis.pid'))}`,
    'daemonize no',
    'appendonly no',
    'save 60 1000',
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** Ends a server that a killed start left behind. */
async function recover(folder: string): Promise<void> {
  const file = join(folder, 'redis.pid');
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'));
  const configuration = await readFile(join(folder, 'redis.conf'), 'utf8').catch(() => '');
  // redis-server shows its address in its title: another one with a reused pid is left alone.
  const title = `127.0.0.1:${/^port (\d+)$/m.exec(configuration)?.[1]}`;
  if (pid > 0 && (await commandLine(pid))?.includes(title)) {
    const gone = await endForeign(pid, 'SIGTERM', 3_000);
    if (!gone) await endForeign(pid, 'SIGKILL', 1_000);
  }
  await rm(file, { force: true });
}

/** Starts redis-server and waits until it answers; `onStart` hears of the process before. */
export async function startRedis(
  options: RedisOptions,
  onStart: (child: Child) => void = () => undefined,
): Promise<{ child: Child; url: string }> {
  const folder = join(options.dataDir, 'redis');
  await mkdir(folder, { recursive: true });
  await recover(folder);
  const child = await Child.start({
    name: 'redis',
    command: options.server,
    args: [await writeConfiguration(options, folder)],
    env: { PATH: process.env['PATH'] },
    cwd: folder,
    logFile: options.logFile,
  });
  guard(child, 'TERM');
  onStart(child);
  while (!(await answers(options))) {
    if (child.hasEnded) {
      throw new StartUpError(
        `redis-server did not start: ${await child.ended}\n${child.lastLines.join('\n')}`,
      );
    }
    await sleep(30);
  }
  return { child, url: `redis://:${options.password}@127.0.0.1:${options.port}` };
}

// Finds redis-server, or installs it where the system's packages allow that without asking.

import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { StartUpError } from './StartUpError.ts';

async function onPath(name: string): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of [...folders, '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']) {
    const file = join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && found) return file;
  }
  return undefined;
}

async function run(command: string[], logFile: string): Promise<boolean> {
  // What is installed is for everyone, unlike what this process makes itself.
  const shell = ['-c', 'umask 022; exec "$@"', 'sh', ...command];
  const log = await open(logFile, 'a');
  try {
    return await new Promise<boolean>((resolve) => {
      const child = spawn('/bin/sh', shell, {
        stdio: ['ignore', log.fd, log.fd],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', HOMEBREW_NO_AUTO_UPDATE: '1' },
      });
      child.once('error', () => resolve(false));
      child.once('close', (code) => resolve(code === 0));
    });
  } finally {
    await log.close();
  }
}

/** What Debian's packages ask before they start a service; 101 says no. */
const policyFile = '/usr/sbin/policy-rc.d';

async function withoutServices<T>(isRoot: boolean, work: () => Promise<T>): Promise<T> {
  const options = { mode: 0o755, flag: 'wx' };
  const wrote =
    isRoot &&
    (await writeFile(policyFile, '#!/bin/sh\nexit 101\n', options).then(
      () => true,
      () => false,
    ));
  try {
    return await work();
  } finally {
    if (wrote) await rm(policyFile, { force: true });
  }
}

async function aptInstall(logFile: string): Promise<boolean> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) return false;
  // RUNLEVEL=1 keeps the service from starting where the policy file cannot be written.
  const before = isRoot
    ? []
    : ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', 'redis-server'];
  return withoutServices(isRoot, async () => {
    await run([...before, 'apt-get', 'update'], logFile);
    return run([...before, ...install], logFile);
  });
}

/** The path of redis-server. */
export async function redisServer(logFile: string, say: (line: string) => void): Promise<string> {
  const found = await onPath('redis-server');
  if (found) return found;
  if (await onPath('apt-get')) {
    say('        redis-server is missing: apt-get install redis-server');
    await aptInstall(logFile);
  } else if (await onPath('brew')) {
    say('        redis-server is missing: brew install redis');
    await run(['brew', 'install', 'redis'], logFile);
  }
  const installed = await onPath('redis-server');
  if (installed) return installed;
  const command =
    process.platform === 'darwin' ? 'brew install redis' : 'sudo apt-get install redis-server';
  throw new StartUpError(
    `redis-server is missing. Install it (${command}), or set REDIS_URL to a Redis 7 or newer.`,
  );
}

// Runs the migrate command on the start's database, and shows what it did.
import { join } from 'node:path';
import { Child } from './Child.ts';
import { subgraphNames } from './graphProcesses.ts';
import { StartUpError } from './StartUpError.ts';
import type { Secrets } from './secrets.ts';

export interface MigrateOptions {
  root: string;
  logs: string;
  ownerUrl: string;
  rolePasswords: Secrets['rolePasswords'];
}

/** Settles with a summary such as `3 migrations`. */
export async function migrate(options: MigrateOptions): Promise<string> {
  const passwords = subgraphNames.map((name) => [
    `${name.toUpperCase()}_DATABASE_PASSWORD`,
    options.rolePasswords[name],
  ]);
  let ran = 0;
  const child = await Child.start({
    name: 'migrate',
    command: process.execPath,
    args: [
      ...['--import', join(import.meta.dirname, 'endWithParent.js')],
      join(options.root, 'migrations/dist/migrate.js'),
      'up',
    ],
    ipc: true,
    env: { ...process.env, DATABASE_URL: options.ownerUrl, ...Object.fromEntries(passwords) },
    cwd: options.root,
    logFile: join(options.logs, 'migrate.log'),
    onLine: (line) => {
      if (/^\w+ +up {3}/.test(line)) ran += 1;
    },
  });
  const end = await child.ended;
  if (end !== 'exit code 0') {
    throw new StartUpError(`The migrations failed (${end}):\n${child.lastLines.join('\n')}`);
  }
  return ran === 0 ? 'up to date' : `${ran} new`;
}

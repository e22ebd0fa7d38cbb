// Starts a Postgres program in its data folder, as the user it runs as. That user may not pass
// through private folders, such as root's home or DATA_DIR: it gets the folder as an open
// descriptor, by which a process reaches it without any right on the folders above. (Capabilities
// do not help: access(2), by which initdb looks at its programs, heeds none of them.)
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Child, type ChildOptions } from './Child.ts';
import type { PostgresUser } from './postgresUser.ts';

export interface StartInFolderOptions extends Pick<ChildOptions, 'name' | 'command' | 'logFile'> {
  folder: string;
  user: PostgresUser | undefined;
  /** Arguments, given the path by which the program reaches the folder. */
  args: (folder: string) => string[];
}

export async function startInFolder(options: StartInFolderOptions): Promise<Child> {
  const { name, command, logFile, folder, user, args } = options;
  // PG* variables of the person who starts it must not reach the server.
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  const common = { name, command, logFile, env, cwd: '/' };
  if (!user) return Child.start({ ...common, args: args(folder) });
  await using handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return await Child.start({
    ...common,
    ...user,
    inherited: handle.fd,
    args: args('/proc/self/fd/3'),
  });
}

// What the API takes away from its clients, compared with the last commit.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type BreakingChange, buildSchema, findBreakingChanges } from 'graphql';

const run = promisify(execFile);

/** Undefined when there is no such file in the last commit, or no commit. */
export const committed = async (folder: string, file: string): Promise<string | undefined> => {
  try {
    const { stdout } = await run('git', ['show', `HEAD:${file}`], {
      cwd: folder,
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  } catch {
    return undefined;
  }
};

export const breakingChanges = (before: string, after: string): BreakingChange[] =>
  findBreakingChanges(buildSchema(before), buildSchema(after));

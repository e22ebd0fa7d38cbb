// Ends a server when this process dies without having stopped it (SIGKILL, a crash): a shell waits
// on a pipe that closes with this process, and leaves the subgraphs, which watch their IPC channel,
// two seconds to end their work first.
import { spawn } from 'node:child_process';
import type { Child } from './Child.ts';

const script = 'read -r word; [ "$word" = done ] || { sleep 2; kill -s "$2" "$1"; }';

/** Returns a function that lets the guard go, to be called once the server has ended. */
export function guard(server: Child, signal: 'INT' | 'TERM'): () => void {
  const shell = spawn('/bin/sh', ['-c', script, 'sh', String(server.pid), signal], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  const release = () => shell.stdin.end('done\n');
  server.ended.then(release, release);
  return release;
}

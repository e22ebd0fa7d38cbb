// One process of the benchmark: pinned to a core where that is possible, its output in a file, and
// ended with this one whatever happens (its IPC channel closes).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from './BenchError.ts';
import { type Core, pinned } from './cores.ts';

export interface BenchProcessOptions {
  name: string;
  /** The file that Node runs. */
  script: string;
  args?: readonly string[];
  /** Besides this process's own environment. */
  env?: Readonly<Record<string, string>>;
  /** Modules that are loaded first. */
  imports?: readonly string[];
  core: Core;
  cwd: string;
  /** Its output goes to `<logFolder>/<name>.log`. */
  logFolder: string;
}

const endWithParent = join(import.meta.dirname, '../../deploy/local/endWithParent.ts');
/** From SIGTERM to SIGKILL. */
const patienceMs = 5_000;

export class BenchProcess implements AsyncDisposable {
  readonly name: string;
  readonly logFile: string;
  /** Settles when it has ended. */
  readonly ended: Promise<unknown>;
  readonly #child: ChildProcess;

  constructor(options: BenchProcessOptions) {
    const { name, script, args = [], env, imports = [], core, cwd, logFolder } = options;
    this.name = name;
    this.logFile = join(logFolder, `${name}.log`);
    const [command, argv] = pinned(core, process.execPath, [
      ...[endWithParent, ...imports].flatMap((file) => ['--import', file]),
      '--expose-gc',
      script,
      ...args,
    ]);
    const log = openSync(this.logFile, 'w', 0o600);
    this.#child = spawn(command, argv, {
      cwd,
      env: { ...process.env, NODE_ENV: 'production', ...env },
      stdio: ['ignore', log, log, 'ipc'],
      /* Ctrl-C is for the benchmark, which then stops this one in its turn. */
      detached: true,
    });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', resolve);
      this.#child.once('error', resolve);
    });
  }

  get hasEnded(): boolean {
    const { exitCode, signalCode, pid } = this.#child;
    return exitCode !== null || signalCode !== null || pid === undefined;
  }

  /** The next message it sends, in answer to `question` if one is given. Throws when it ends instead. */
  async message(question?: string): Promise<unknown> {
    const message = once(this.#child, 'message');
    if (question !== undefined) this.#child.send(question);
    const received = await Promise.race([message, this.ended]);
    if (Array.isArray(received)) return received[0];
    throw this.failure();
  }

  /** Why it has ended, with its last lines. */
  failure(): BenchError {
    const lines = readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-20);
    return new BenchError(`${this.name} has ended by itself:\n${lines.join('\n')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill('SIGTERM');
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.ended;
    clearTimeout(insist);
  }
}

// One process that the local start-up runs: its log file, its last lines, its end.
import { type ChildProcess as Process, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** An IPC channel: the process can tell that this one is gone when it closes. */
  ipc?: boolean;
  /** A descriptor of this process that the process gets as its number 3; not together with ipc. */
  inherited?: number;
  /** Called with every line the process writes. */
  onLine?: (line: string) => void;
}

/** How many of a process's last lines are kept for the message about its end. */
const keptLines = 30;
/**
 * How long its last lines are waited for: its output stays open as long as a process that it started
 * has it, such as a session of a Postgres that was killed.
 */
const lastWordsMs = 300;

export class Child {
  readonly name: string;
  readonly pid: number;
  readonly lastLines: string[] = [];
  /** Settles with a description of the end, such as `exit code 1`. */
  readonly ended: Promise<string>;
  stopping = false;
  #process: Process;
  #hasEnded = false;

  private constructor(process: Process, pid: number, options: ChildOptions, log: WriteStream) {
    this.name = options.name;
    this.pid = pid;
    this.#process = process;
    const onLine = (line: string) => {
      if (!log.writableEnded) log.write(`${line}\n`);
      this.lastLines.push(line);
      if (this.lastLines.length > keptLines) this.lastLines.shift();
      options.onLine?.(line);
    };
    for (const stream of [process.stdout, process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine);
    }
    this.ended = new Promise((resolve) => {
      process.once('exit', (code, signal) => {
        this.#hasEnded = true;
        const settle = () => {
          log.end();
          resolve(signal ? `signal ${signal}` : `exit code ${code}`);
        };
        const late = setTimeout(settle, lastWordsMs);
        process.once('close', () => {
          clearTimeout(late);
          settle();
        });
      });
    });
  }

  /** Starts the process in a group of its own, so that Ctrl-C reaches it only through `stop`. */
  static async start(options: ChildOptions): Promise<Child> {
    const fourth = options.ipc ? (['ipc'] as const) : [options.inherited ?? []].flat();
    const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
    const process = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      uid: options.uid,
      gid: options.gid,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...fourth],
    });
    await new Promise<void>((resolve, reject) => {
      process.once('spawn', resolve);
      process.once('error', reject);
    });
    return new Child(process, process.pid ?? 0, options, log);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Asks with `signal`, and after `patienceMs` insists with `insist`; settles when it is gone, with
   * whether it had to insist.
   */
  async stop(
    signal: NodeJS.Signals,
    patienceMs: number,
    insist: NodeJS.Signals = 'SIGKILL',
  ): Promise<boolean> {
    this.stopping = true;
    if (this.#hasEnded) return false;
    this.#process.kill(signal);
    let insisted = false;
    const impatience = setTimeout(() => {
      insisted = true;
      this.#process.kill(insist);
    }, patienceMs);
    await this.ended;
    clearTimeout(impatience);
    return insisted;
  }

  /** Ends the process now. */
  kill(): void {
    this.stopping = true;
    this.#process.kill('SIGKILL');
  }
}

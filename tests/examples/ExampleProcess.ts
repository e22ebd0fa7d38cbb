// One of the examples as a process, with what it has written.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnv, nodeBinary, root } from '../runningStack.ts';

export class ExampleProcess {
  readonly #process: ChildProcess;
  #output = '';
  #problems = '';

  constructor(file: string, env: Record<string, string>) {
    this.#process = spawn(nodeBinary, [`examples/partner/${file}`], {
      cwd: root,
      env: cleanEnv(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#problems += chunk.toString();
    });
  }

  /** The lines of JSON on stdout. */
  get lines(): Record<string, unknown>[] {
    return this.#output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  /** What it has written to stderr. */
  get problems(): string {
    return this.#problems;
  }

  async until(holds: (example: this) => boolean): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!holds(this)) {
      if (Date.now() > deadline) throw new Error(`Not so:\n${this.#output}\n${this.#problems}`);
      await sleep(20);
    }
  }

  /** Resolves to the exit code, or the signal. */
  async ended(): Promise<number | string> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return exitCode ?? String(signalCode);
    const [code, signal] = await once(this.#process, 'close');
    return (code ?? signal) as number | string;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#process.kill(signal);
    await this.ended();
  }
}

// A process that carries out orders: each message to it is answered by one from it, and it ends when its
// IPC channel closes.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import { nodeBinary } from '../runningStack.ts';

export interface AskedProcessOptions {
  /** The file that Node runs. */
  script: string;
  /** The command that runs Node, such as taskset with its arguments. */
  wrapper?: readonly string[];
}

export class AskedProcess<Order extends object> implements AsyncDisposable {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor({ script, wrapper = [] }: AskedProcessOptions) {
    this.#name = basename(dirname(script));
    const [command = nodeBinary, ...args] = [...wrapper, nodeBinary];
    this.#child = fork(script, {
      execPath: command,
      execArgv: args,
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#ended = once(this.#child, 'exit');
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** One order at a time. */
  async ask<Answer>(order: Order): Promise<Answer> {
    const answer = once(this.#child, 'message');
    this.#child.send(order);
    const died = this.#ended.then(() => {
      throw new Error(`The process of ${this.#name} has ended by itself`);
    });
    const [message] = (await Promise.race([answer, died])) as [Answer];
    return message;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

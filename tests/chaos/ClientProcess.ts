// A process of subscribers as the run sees it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeBinary } from '../runningStack.ts';
import type { Finished, FinishMessage, Order, Started, StartMessage } from './clients/messages.ts';

export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'clients/main.ts'), {
      execPath: nodeBinary,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#ended = once(this.#child, 'exit');
  }

  /** Resolves when all have connected, or after a minute. */
  start(message: StartMessage): Promise<Started> {
    return this.#ask<Started>(message);
  }

  finish(message: FinishMessage): Promise<Finished> {
    return this.#ask<Finished>(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #ask<Answer>(order: Order): Promise<Answer> {
    const answer = once(this.#child, 'message');
    this.#child.send(order);
    const died = this.#ended.then(() => {
      throw new Error('A process of subscribers has ended by itself');
    });
    const [message] = (await Promise.race([answer, died])) as [Answer];
    return message;
  }
}

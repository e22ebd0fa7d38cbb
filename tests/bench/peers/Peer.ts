// A gateway that is measured: how it is started, and how it is asked.
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../BenchError.ts';
import type { BenchProcess } from '../BenchProcess.ts';

export interface Answer {
  data?: unknown;
  errors?: { message: string }[];
}

/** From its start until it answers; the full gateway takes some 3 s. */
const startMs = 60_000;
const askMs = 30_000;

export class Peer {
  readonly name: string;
  readonly url: string;
  /** The headers of each caller's requests. */
  readonly callers: readonly Readonly<Record<string, string>>[];
  readonly process: BenchProcess;

  constructor(options: Pick<Peer, 'name' | 'url' | 'callers' | 'process'>) {
    this.name = options.name;
    this.url = options.url;
    this.callers = options.callers;
    this.process = options.process;
  }

  async ask(body: string): Promise<Answer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: this.callers[0] ?? {},
      body,
      signal: AbortSignal.timeout(askMs),
    });
    return (await response.json()) as Answer;
  }

  /** Resolves once it answers. */
  async ready(): Promise<void> {
    const until = performance.now() + startMs;
    for (;;) {
      if (this.process.hasEnded) throw this.process.failure();
      const answer = await this.ask('{"query":"{__typename}"}').catch(() => undefined);
      if (answer?.data) return;
      if (performance.now() > until) throw new BenchError(`${this.name} does not answer`);
      await sleep(100);
    }
  }
}

// A graph of a run's own, in a temporary folder, which starts again what dies of it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Ready } from '../../deploy/local/summary.ts';
import { type Start, startReady, stop } from '../runningStack.ts';

/** Runs have more clients than one key or organization may have by default. */
const limits = { MAX_CONNECTIONS_PER_CALLER: '100000', MAX_CONNECTIONS_PER_ORGANIZATION: '100000' };

export class OwnStack implements AsyncDisposable {
  readonly #start: Start;
  readonly #folder: string;

  private constructor(start: Start, folder: string) {
    this.#start = start;
    this.#folder = folder;
  }

  /** `env` is for its processes. */
  static async start(env: Readonly<Record<string, string>> = limits): Promise<OwnStack> {
    const folder = mkdtempSync(join(tmpdir(), 'crm-graph-run-'));
    try {
      const own = { DATA_DIR: join(folder, 'data'), SEED_DEMO: 'false' };
      return new OwnStack(await startReady({ ...env, ...own }, join(folder, 'ready.json')), folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** As it is now: process ids change. */
  get ready(): Ready {
    return JSON.parse(readFileSync(join(this.#folder, 'ready.json'), 'utf8'));
  }

  /** Whether it has stopped by itself, as it does when a process ends over and over. */
  get hasEnded(): boolean {
    const { exitCode, signalCode } = this.#start.process;
    return exitCode !== null || signalCode !== null;
  }

  /** What it has said on its console. */
  get output(): string {
    return this.#start.output();
  }

  /** As the role of deals, which may end its own sessions and sees the rows of one organization. */
  async query<Row>(statement: string, values: unknown[], organizationId = ''): Promise<Row[]> {
    const client = new Client({ connectionString: this.ready.subgraphDatabaseUrls['deals'] });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(`select set_config('app.organization_id', $1, false)`, [organizationId]);
      return (await client.query(statement, values)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.#start);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

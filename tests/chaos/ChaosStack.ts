// A graph of the run's own, and how its parts are made to die. `npm start` starts again what was killed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Ready } from '../../deploy/local/summary.ts';
import { type Start, startReady, stop } from '../runningStack.ts';
import type { LoggedEvent } from './LoggedEvent.ts';

export const killTargets = ['gateway', 'deals', 'redis', 'publisher'] as const;
export type KillTarget = (typeof killTargets)[number];

export interface Kill {
  target: KillTarget;
  /** Since the changes began. */
  atSeconds: number;
  /** Until it was ready again. */
  awayMs: number;
}

/** The session that rings the bells; it is one of the deals process. */
const publisher = 'crm-deals-publisher';
const backWithinMs = 60_000;

export class ChaosStack implements AsyncDisposable {
  readonly #start: Start;
  readonly #folder: string;

  private constructor(start: Start, folder: string) {
    this.#start = start;
    this.#folder = folder;
  }

  /** `env` is for its processes. */
  static async start(env: Record<string, string> = {}): Promise<ChaosStack> {
    const folder = mkdtempSync(join(tmpdir(), 'crm-graph-chaos-'));
    const all = { DATA_DIR: join(folder, 'data'), SEED_DEMO: 'false', ...env };
    return new ChaosStack(await startReady(all, join(folder, 'ready.json')), folder);
  }

  /** As it is now: process ids change. */
  get ready(): Ready {
    return JSON.parse(readFileSync(join(this.#folder, 'ready.json'), 'utf8'));
  }

  /** What it has said on its console. */
  get output(): string {
    return this.#start.output();
  }

  /** Kills it with SIGKILL, or cuts its session; resolves when it is ready again. */
  async kill(target: KillTarget): Promise<{ awayMs: number }> {
    const since = performance.now();
    const before = await this.#idOf(target);
    if (before === undefined) throw new Error(`${target} does not run, so it cannot be killed`);
    if (target === 'publisher') await this.#query('select pg_terminate_backend($1)', [before]);
    else process.kill(before, 'SIGKILL');
    for (;;) {
      await sleep(25);
      const now = await this.#idOf(target);
      if (now !== undefined && now !== before) return { awayMs: performance.now() - since };
      if (performance.now() - since < backWithinMs) continue;
      throw new Error(`${target} did not come back:\n${this.output}`);
    }
  }

  /** The events of an organization's log of deals behind a position. */
  async log(organizationId: string, after: number): Promise<LoggedEvent[]> {
    const rows = await this.#query<Omit<LoggedEvent, 'position'> & { position: string }>(
      `select position, type, entity_id as "dealId", record->>'stageId' as "stageId",
         record->>'amount' as amount
       from deals.event
       where organization_id = $1 and position > $2 and entity_type = 'Deal'
       order by position`,
      [organizationId, after],
      organizationId,
    );
    return rows.map(({ position, type, ...event }) => ({
      ...event,
      position: Number(position),
      type: type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.#start);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Of the process, or of the publisher's session. */
  async #idOf(target: KillTarget): Promise<number | undefined> {
    if (target !== 'publisher') return this.ready.pids[target];
    const [session] = await this.#query<{ pid: number }>(
      'select pid from pg_stat_activity where application_name = $1 order by backend_start desc',
      [publisher],
    );
    return session?.pid;
  }

  /** As the role of deals, which may end its own sessions and sees the rows of one organization. */
  async #query<Row>(statement: string, values: unknown[], organizationId = ''): Promise<Row[]> {
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
}

// The publisher's own connection to Postgres: its advisory lock makes one instance of all the active one.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export interface PublisherConnection extends AsyncDisposable {
  readonly client: Client;
  /** Why the connection is gone; undefined while it is there. */
  readonly lost: Error | undefined;
  /** True once the lock is ours, which it is for as long as the connection lasts. */
  takeLock(): Promise<boolean>;
}

/** `onLost` is called once the connection is gone. */
export async function openPublisherConnection(
  schema: string,
  databaseUrl: string,
  onLost: () => void,
): Promise<PublisherConnection> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: `crm-${schema}-publisher`,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
  });
  let lost: Error | undefined;
  const lose = (error?: Error) => {
    lost ??= error ?? new Error('the connection ended');
    onLost();
  };
  client.on('error', lose);
  client.on('end', () => lose());
  const close = async () => {
    // A connection that is gone may never confirm its end.
    const ended = client.end().catch(() => undefined);
    await Promise.race([ended, sleep(1_000, undefined, { ref: false })]);
  };
  try {
    await client.connect();
    // A host that vanishes without a word keeps the lock no longer than some 10 s.
    await client.query(
      'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3',
    );
  } catch (error) {
    await close();
    throw error;
  }
  return {
    client,
    get lost() {
      return lost;
    },
    takeLock: async () => {
      const { rows } = await client.query<{ locked: boolean }>(
        `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
        [`event publisher ${schema}`],
      );
      return rows[0]?.locked === true;
    },
    [Symbol.asyncDispose]: close,
  };
}

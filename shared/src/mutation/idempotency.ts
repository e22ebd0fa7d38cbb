// A retried mutation is carried out once: its key is claimed, and its answer stored, in its own transaction.
import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../identity/Identity.ts';
import { reject } from './UserError.ts';

export interface StoredAnswer<Stored> {
  stored: Stored;
  cursor: string | null;
}

/** The same input gives the same text whatever the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) && !(item instanceof Date)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function hashOf(input: object): string {
  const { idempotencyKey: _, ...rest } = input as { idempotencyKey?: unknown };
  return createHash('sha256').update(canonical(rest)).digest('base64url');
}

interface Row {
  actor_id: string;
  operation: string;
  request_hash: string;
  stored: unknown;
}

/**
 * Claims `key` and returns undefined, or returns the answer stored by an earlier call with the same input.
 * A call with the same key that is still running is waited for (by the primary key's lock).
 */
export async function claimKey<Stored>(
  manager: EntityManager,
  identity: Identity,
  operation: string,
  key: string,
  input: object,
): Promise<StoredAnswer<Stored> | undefined> {
  if (key.length === 0 || key.length > 200) {
    reject('INVALID', ['input', 'idempotencyKey'], 'An idempotency key has 1 to 200 characters.');
  }
  const hash = hashOf(input);
  const claimed: unknown[] = await manager.query(
    `INSERT INTO idempotency_key (organization_id, key, actor_id, operation, request_hash)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING key`,
    [identity.organizationId, key, identity.subject, operation, hash],
  );
  if (claimed.length > 0) return undefined;
  const [row]: Row[] = await manager.query(
    'SELECT actor_id, operation, request_hash, stored FROM idempotency_key WHERE key = $1',
    [key],
  );
  const same =
    row?.actor_id === identity.subject && row.operation === operation && row.request_hash === hash;
  if (!same) {
    reject(
      'IDEMPOTENCY_KEY_REUSED',
      ['input', 'idempotencyKey'],
      'This key was used with another input. Use a new key for a new request.',
    );
  }
  return row.stored as StoredAnswer<Stored>;
}

export async function storeAnswer<Stored>(
  manager: EntityManager,
  key: string,
  answer: StoredAnswer<Stored>,
): Promise<void> {
  await manager.query('UPDATE idempotency_key SET stored = $2 WHERE key = $1', [
    key,
    JSON.stringify(answer),
  ]);
}

// Every mutation is carried out here: one transaction with the idempotency key, the work, and its events last.
import type { EntityManager } from 'typeorm';
import { isTransient, pgErrorOf } from '../database/pgError.ts';
import type { CommitWith } from '../database/TenantTransaction.ts';
import { appendAndCommit, appendEvents } from '../events/appendEvents.ts';
import { encodeEventCursor } from '../events/EventCursor.ts';
import type { NewEvent } from '../events/LogEvent.ts';
import type { Identity } from '../identity/Identity.ts';
import { requireIdentity, type SubgraphContext } from '../subgraph/SubgraphContext.ts';
import { constraintError } from './constraintError.ts';
import { claimKey, type StoredAnswer, storeAnswer } from './idempotency.ts';
import { type UserError, UserErrors } from './UserError.ts';

export interface MutationScope {
  readonly manager: EntityManager;
  readonly identity: Identity;
  /** The one time of this mutation. */
  readonly now: Date;
  /** Adds an event; all are appended to the log right before COMMIT. */
  event(event: NewEvent): void;
}

export interface MutationResult<Stored> {
  /** What the work returned, or what it returned when this idempotency key was first used. */
  stored?: Stored;
  cursor?: string | null;
  userErrors: UserError[];
}

const attempts = 3;

/**
 * Runs `work` and returns what it returned, which must be JSON (ids rather than records: a replay gives the same).
 * `UserErrors` and violated constraints roll back and are returned; anything else is thrown.
 */
export async function mutate<Stored>(
  context: SubgraphContext,
  operation: string,
  input: { idempotencyKey?: string | null },
  work: (scope: MutationScope) => Promise<Stored>,
): Promise<MutationResult<Stored>> {
  const identity = requireIdentity(context);
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await context.transaction.write((manager, commit) =>
        carryOut(context, identity, { manager, commit }, operation, input, work),
      );
      return { ...answer, userErrors: [] };
    } catch (error) {
      if (error instanceof UserErrors) return { userErrors: error.userErrors };
      const pgError = pgErrorOf(error);
      if (pgError && isTransient(pgError) && attempt < attempts) continue;
      const userError = pgError && constraintError(pgError);
      if (userError) return { userErrors: new UserErrors([userError]).userErrors };
      throw error;
    }
  }
}

async function carryOut<Stored>(
  { services }: SubgraphContext,
  identity: Identity,
  { manager, commit }: { manager: EntityManager; commit: CommitWith },
  operation: string,
  input: { idempotencyKey?: string | null },
  work: (scope: MutationScope) => Promise<Stored>,
): Promise<StoredAnswer<Stored>> {
  const key = input.idempotencyKey ?? undefined;
  if (key !== undefined) {
    const earlier = await claimKey<Stored>(manager, identity, operation, key, input);
    if (earlier) return earlier;
  }
  const events: NewEvent[] = [];
  const stored = await work({
    manager,
    identity,
    now: new Date(),
    event: (event) => events.push(event),
  });
  const { name, secret } = services;
  const { organizationId } = identity;
  const actorId = actorOf(identity);
  const cursorOf = (position: number) => encodeEventCursor(secret, name, organizationId, position);
  if (events.length > 0 && key === undefined) {
    const position = await appendAndCommit(manager, commit, name, organizationId, actorId, events);
    return { stored, cursor: cursorOf(position) };
  }
  let cursor: string | null = null;
  if (events.length > 0) {
    cursor = cursorOf(await appendEvents(manager, name, organizationId, actorId, events));
  }
  // The cursor is known only now; a keyed mutation therefore holds the counter for one more statement.
  if (key !== undefined) await storeAnswer(manager, key, { stored, cursor });
  return { stored, cursor };
}

/** The user who did it; an API key is nobody that `actor` could lead to. */
const actorOf = ({ kind, subject }: Identity): string | null => (kind === 'user' ? subject : null);

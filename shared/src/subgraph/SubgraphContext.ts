// What a resolver of a subgraph may rely on for the length of one request.
import type DataLoader from 'dataloader';
import type { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import type { TenantTransaction } from '../database/TenantTransaction.ts';
import { CrmError } from '../errors/CrmError.ts';
import type { Identity } from '../identity/Identity.ts';
import type { TokenVerifier } from '../identity/TokenVerifier.ts';
import type { Logger } from '../logger.ts';
import type { ResponseBudget } from './ResponseBudget.ts';

/** What lives as long as the process. */
export interface SubgraphServices {
  /** The subgraph's name, also that of its schema and of its event log. */
  readonly name: string;
  readonly dataSource: DataSource;
  readonly redis: Redis;
  /** Rings and hears the bells of event logs. */
  readonly pubsub: RedisPubSub;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  /** INTERNAL_SECRET: signs cursors and service tokens. */
  readonly secret: string;
}

export interface SubgraphContext {
  /** Absent: nobody has logged in. */
  readonly identity: Identity | undefined;
  readonly requestId: string;
  /** Epoch milliseconds at which the caller stops waiting. */
  readonly deadline: number;
  readonly transaction: TenantTransaction;
  /** How large the answer may grow. */
  readonly budget: ResponseBudget;
  /** DataLoaders of this request by their definition; emptied by every write. */
  readonly loaders: Map<object, DataLoader<never, unknown, string>>;
  readonly logger: Logger;
  readonly services: SubgraphServices;
}

export function requireIdentity(context: SubgraphContext): Identity {
  if (context.identity) return context.identity;
  throw new CrmError('UNAUTHENTICATED', 'Log in, or send an API key.');
}

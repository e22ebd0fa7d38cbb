// From a question's arguments to figures: checks them, waits for the read model where asked to, looks
// into the cache, computes.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { encodeEventCursor, positionOf } from '@crm-graph/shared/events/EventCursor';
import { isCurrency } from '@crm-graph/shared/graphql/Money';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { dealsLog } from './applyDealEvents.ts';
import { currenciesInUse, type FigureQuestion, readModelPosition } from './computeFigures.ts';
import { FigureCache, type Figures } from './FigureCache.ts';
import { progressOf } from './followDeals.ts';
import type { SalesArgs } from './SalesArgs.ts';

/** Waiting longer than this for the read model is taken for a fault. */
const maxWaitMs = 10_000;
/** What an organization without any deal is answered in. */
const fallbackCurrency = 'USD';

/** A question with what surrounds it, as a computation is given it. */
export interface AskedFigures extends FigureQuestion {
  currencies: string[];
}

/** `name` and the arguments say what is computed: equal ones may be answered from the cache. */
export async function askFigures<T>(
  context: SubgraphContext,
  name: string,
  args: SalesArgs & { first?: number },
  compute: (manager: EntityManager, question: AskedFigures) => Promise<T>,
): Promise<{ value: T; cursor: string }> {
  const { organizationId } = requireIdentity(context);
  const { services } = context;
  check(args);
  const atLeast = args.atLeast ? await waitFor(context, organizationId, args.atLeast) : 0;
  const { from = null, to = null, pipelineId = null, ownerId = null, currency, first } = args;
  const key = JSON.stringify([name, from, to, pipelineId, ownerId, currency ?? null, first]);
  const figures = await new FigureCache(services.redis).figures(
    organizationId,
    key,
    atLeast,
    async (): Promise<Figures<T>> => {
      const manager = await context.transaction.manager();
      // Read before the figures: what is applied in between is in them, though not yet in the cursor.
      const position = await readModelPosition(manager, organizationId);
      const currencies = await currenciesInUse(manager, organizationId);
      const asked = currency ?? currencies[0] ?? fallbackCurrency;
      const question = {
        organizationId,
        from,
        to,
        pipelineId,
        ownerId,
        currency: asked,
        currencies,
      };
      return { position, value: await compute(manager, question) };
    },
  );
  const cursor = encodeEventCursor(services.secret, dealsLog, organizationId, figures.position);
  return { value: figures.value, cursor };
}

function check({ from, to, pipelineId, ownerId, currency, first }: SalesArgs & { first?: number }) {
  const problem =
    (from && to && from > to && '`from` is after `to`.') ||
    (pipelineId && !isUuid(pipelineId) && '`pipelineId` is not an id.') ||
    (ownerId && !isUuid(ownerId) && '`ownerId` is not an id.') ||
    (currency && !isCurrency(currency) && '`currency` is not a currency code of ISO 4217.') ||
    (first !== undefined && (first < 1 || first > 1_000) && '`first` is from 1 to 1000.');
  if (problem) throw new CrmError('BAD_USER_INPUT', problem);
}

async function waitFor(
  { services, deadline }: SubgraphContext,
  organizationId: string,
  cursor: string,
): Promise<number> {
  const position = positionOf(services.secret, cursor, { log: dealsLog, organizationId });
  const waitMs = Math.max(0, Math.min(maxWaitMs, deadline - Date.now()));
  if (await progressOf(services).reached(organizationId, position, waitMs)) return position;
  throw new CrmError('TIMEOUT', 'The figures do not include that change yet. Ask again.');
}

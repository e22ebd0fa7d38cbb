// Creates records that have external ids, and only those the organization does not have yet: what a
// run that was interrupted has left out, the next one adds, without duplicates.
import type { GraphClient } from './GraphClient.ts';

/** The names a kind of record has in the graph. */
export interface RecordKind {
  /** The list, filtered by externalId: companies. */
  list: string;
  /** The mutation: createCompany. */
  create: string;
  /** The payload's field: company. */
  field: string;
  /** The mutation that creates many at once, where there is one: bulkCreateCompanies. */
  bulk?: string;
}

export const kinds = {
  user: { list: 'users', create: 'createUser', field: 'user' },
  company: {
    list: 'companies',
    create: 'createCompany',
    field: 'company',
    bulk: 'bulkCreateCompanies',
  },
  contact: {
    list: 'contacts',
    create: 'createContact',
    field: 'contact',
    bulk: 'bulkCreateContacts',
  },
  interaction: { list: 'interactions', create: 'createInteraction', field: 'interaction' },
  product: { list: 'products', create: 'createProduct', field: 'product' },
  deal: { list: 'deals', create: 'createDeal', field: 'deal', bulk: 'bulkCreateDeals' },
  task: { list: 'tasks', create: 'createTask', field: 'task', bulk: 'bulkCreateTasks' },
} satisfies Record<string, RecordKind>;

export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
}

/** The graph refused a record: a fault in what was sent. */
export class RefusedError extends Error {
  readonly userErrors: UserError[];

  constructor(operation: string, userErrors: UserError[]) {
    const reasons = userErrors.map(({ code, field, message }) =>
      [code, field?.join('.'), message].filter((part) => part !== undefined).join(' '),
    );
    super(`${operation}: ${reasons.join('; ')}`);
    this.name = 'RefusedError';
    this.userErrors = userErrors;
  }
}

/** Requests under way at a time: enough to keep two cores busy, too few to crowd out users. */
const parallel = 6;
/** The most that bulk mutations take. */
export const bulkSize = 1_000;
/** The longest page of a list. */
const pageSize = 100;

export type IdByExternalId = Map<string, string>;

/** Ids of the records that exist, by external id. */
export async function findExisting(
  client: GraphClient,
  { list }: RecordKind,
  externalIds: readonly string[],
): Promise<IdByExternalId> {
  const found: IdByExternalId = new Map();
  const document = `query Existing($ids: [String!]!) {
    list: ${list}(first: ${pageSize}, filter: { externalId: { in: $ids } }) { nodes { id externalId } }
  }`;
  for (let start = 0; start < externalIds.length; start += pageSize) {
    const ids = externalIds.slice(start, start + pageSize);
    const { list: page } = await client.request<{
      list: { nodes: { id: string; externalId: string }[] };
    }>(document, { ids });
    for (const { id, externalId } of page.nodes) found.set(externalId, id);
  }
  return found;
}

export interface Creation {
  /** Ids of all records, old and new, by external id. */
  ids: IdByExternalId;
  created: number;
}

/** `runId` makes the idempotency keys of this run: a request sent twice is carried out once. */
export async function createMissing<Input extends { externalId: string }>(
  client: GraphClient,
  kind: RecordKind,
  inputs: readonly Input[],
  runId: string,
): Promise<Creation> {
  const ids = await findExisting(
    client,
    kind,
    inputs.map(({ externalId }) => externalId),
  );
  const missing = inputs.filter(({ externalId }) => !ids.has(externalId));
  if (kind.bulk !== undefined) {
    for (let start = 0; start < missing.length; start += bulkSize) {
      const items = missing.slice(start, start + bulkSize);
      for (const [externalId, id] of await createMany(client, kind, items, runId)) {
        ids.set(externalId, id);
      }
    }
  } else {
    await inParallel(missing, async (input) => {
      ids.set(input.externalId, await createOne(client, kind, input, runId));
    });
  }
  return { ids, created: missing.length };
}

interface Refusal {
  externalId: string;
  userErrors: UserError[];
}

/** One request for all of them. */
async function createMany(
  client: GraphClient,
  kind: RecordKind,
  items: readonly { externalId: string }[],
  runId: string,
): Promise<IdByExternalId> {
  const { bulk = '', field } = kind;
  const document = `mutation CreateMany($input: ${inputTypeOf(bulk)}!) {
    payload: ${bulk}(input: $input) {
      results { index record: ${field} { id } userErrors { code field message } }
      userErrors { code field message }
    }
  }`;
  const idempotencyKey = `${runId}:${bulk}:${items[0]?.externalId}`;
  const { payload } = await client.request<{
    payload: {
      results: { index: number; record: { id: string } | null; userErrors: UserError[] }[];
      userErrors: UserError[];
    };
  }>(document, { input: { items, idempotencyKey } });
  if (payload.userErrors.length > 0) throw new RefusedError(bulk, payload.userErrors);
  const ids: IdByExternalId = new Map();
  const refusals: Refusal[] = [];
  for (const { index, record, userErrors } of payload.results) {
    const externalId = items[index]?.externalId ?? '';
    if (record === null) refusals.push({ externalId, userErrors });
    else ids.set(externalId, record.id);
  }
  return new Map([...ids, ...(await findRefused(client, kind, refusals))]);
}

async function createOne(
  client: GraphClient,
  kind: RecordKind,
  input: { externalId: string },
  runId: string,
): Promise<string> {
  const { create, field } = kind;
  const { externalId } = input;
  const document = `mutation Create($input: ${inputTypeOf(create)}!) {
    payload: ${create}(input: $input) { record: ${field} { id } userErrors { code field message } }
  }`;
  const idempotencyKey = `${runId}:${create}:${externalId}`;
  const { payload } = await client.request<{
    payload: { record: { id: string } | null; userErrors: UserError[] };
  }>(document, { input: { ...input, idempotencyKey } });
  if (payload.record !== null) return payload.record.id;
  const { userErrors } = payload;
  return idOf(await findRefused(client, kind, [{ externalId, userErrors }]), externalId);
}

/** Input types are named after their mutation. */
const inputTypeOf = (mutation: string) =>
  `${mutation.slice(0, 1).toUpperCase()}${mutation.slice(1)}Input`;

/**
 * A record that exists all at once was created by a request of a run that was stopped: its id is as
 * good. Every other refusal is thrown.
 */
async function findRefused(
  client: GraphClient,
  kind: RecordKind,
  refusals: readonly Refusal[],
): Promise<IdByExternalId> {
  const externalIds = refusals.map(({ externalId }) => externalId);
  const ids = await findExisting(client, kind, externalIds);
  for (const { externalId, userErrors } of refusals) {
    const exists = userErrors.some(({ code }) => code === 'ALREADY_EXISTS') && ids.has(externalId);
    if (!exists) throw new RefusedError(`${kind.create} ${externalId}`, userErrors);
  }
  return ids;
}

/** Works through `items`, several at a time; the first failure stops the rest. */
export async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/** The id of a record that was created or found before. */
export function idOf(ids: IdByExternalId, externalId: string): string {
  const id = ids.get(externalId);
  if (id === undefined) throw new Error(`There is no record with the external id ${externalId}`);
  return id;
}

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
}

export const kinds = {
  user: { list: 'users', create: 'createUser', field: 'user' },
  company: { list: 'companies', create: 'createCompany', field: 'company' },
  contact: { list: 'contacts', create: 'createContact', field: 'contact' },
  interaction: { list: 'interactions', create: 'createInteraction', field: 'interaction' },
  product: { list: 'products', create: 'createProduct', field: 'product' },
  deal: { list: 'deals', create: 'createDeal', field: 'deal' },
  task: { list: 'tasks', create: 'createTask', field: 'task' },
} as const satisfies Record<string, RecordKind>;

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
  await inParallel(missing, async (input) => {
    const id = await createOne(client, kind, input, `${runId}:${kind.create}:${input.externalId}`);
    ids.set(input.externalId, id);
  });
  return { ids, created: missing.length };
}

async function createOne(
  client: GraphClient,
  kind: RecordKind,
  input: { externalId: string },
  idempotencyKey: string,
): Promise<string> {
  const { create, field } = kind;
  const inputType = `${create[0]?.toUpperCase()}${create.slice(1)}Input`;
  const document = `mutation Create($input: ${inputType}!) {
    payload: ${create}(input: $input) { record: ${field} { id } userErrors { code field message } }
  }`;
  const { payload } = await client.request<{
    payload: { record: { id: string } | null; userErrors: UserError[] };
  }>(document, { input: { ...input, idempotencyKey } });
  if (payload.record !== null) return payload.record.id;
  if (payload.userErrors.some(({ code }) => code === 'ALREADY_EXISTS')) {
    // The request of a run that was stopped has arrived meanwhile.
    const id = (await findExisting(client, kind, [input.externalId])).get(input.externalId);
    if (id !== undefined) return id;
  }
  throw new RefusedError(`${create} ${input.externalId}`, payload.userErrors);
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

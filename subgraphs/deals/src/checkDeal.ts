// What makes the input of a deal acceptable, beyond its types; found before anything is written.
import { type MoneyInput, moneyProblem } from '@crm-graph/shared/graphql/Money';
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { type EntityManager, In } from 'typeorm';
import { validate as isUuid, version as uuidVersion } from 'uuid';
import type { DealProductInput } from './dealInputs.ts';
import { Product } from './Product.ts';
import { Stage } from './Stage.ts';

const maxTitle = 300;
const maxText = 2_000;
const maxProducts = 100;

/** Stages and products of the organization that some inputs name, by id. */
export interface DealCatalogue {
  stages: ReadonlyMap<string, Stage>;
  products: ReadonlyMap<string, Product>;
}

export interface NamesCatalogue {
  stageId?: string | null;
  products?: DealProductInput[] | null;
}

/** Reads what the inputs name in two statements, however many they are. */
export async function readCatalogue(
  manager: EntityManager,
  inputs: readonly NamesCatalogue[],
): Promise<DealCatalogue> {
  const stageIds = inputs.flatMap(({ stageId }) => stageId ?? []);
  const productIds = inputs.flatMap(({ products }) => (products ?? []).map((p) => p.productId));
  const find = async <Row extends Stage | Product>(type: new () => Row, ids: string[]) => {
    const wanted = [...new Set(ids)].filter((id) => isUuid(id));
    const rows = wanted.length === 0 ? [] : await manager.findBy(type, { id: In(wanted) } as never);
    return new Map(rows.map((row) => [row.id, row]));
  };
  return { stages: await find(Stage, stageIds), products: await find(Product, productIds) };
}

export interface CheckedDeal extends NamesCatalogue {
  id?: string | null;
  title?: string | null;
  amount?: MoneyInput | null;
  companyId?: string | null;
  contactId?: string | null;
  ownerId?: string | null;
  actualCloseDate?: string | null;
  lostReason?: string | null;
  externalId?: string | null;
}

/** What is wrong with `input` for a deal in `stage`; fields are relative to `path`. */
export function dealProblems(
  input: CheckedDeal,
  stage: Stage | undefined,
  { products }: DealCatalogue,
  path: readonly string[],
): UserErrorInput[] {
  const problems: UserErrorInput[] = [];
  const add = (code: UserErrorInput['code'], field: string[], message: string) =>
    problems.push({ code, field: [...path, ...field], message });

  const { title } = input;
  if (title !== undefined && (title === null || title.trim() === '' || title.length > maxTitle)) {
    add('INVALID', ['title'], `A title has 1 to ${maxTitle} characters.`);
  }
  if (input.amount === null) add('REQUIRED', ['amount'], 'A deal has an amount.');
  checkMoney(input.amount, ['amount']);
  if (input.id != null && !(isUuid(input.id) && uuidVersion(input.id) === 7)) {
    add('INVALID', ['id'], 'An id of your making is a UUIDv7.');
  }
  for (const name of ['companyId', 'contactId', 'ownerId'] as const) {
    if (input[name] != null && !isUuid(input[name])) add('INVALID', [name], 'Not an id.');
  }
  for (const name of ['lostReason', 'externalId'] as const) {
    const text = input[name];
    if (text != null && (text.length === 0 || text.length > maxText)) {
      add('INVALID', [name], `${name} has 1 to ${maxText} characters.`);
    }
  }
  if (stage === undefined) add('NOT_FOUND', ['stageId'], 'No such stage in this organization.');
  if (stage?.kind === 'OPEN' && input.actualCloseDate != null) {
    add('INVALID', ['actualCloseDate'], `A deal in ${stage.name} is open and has no such date.`);
  }
  if (stage && stage.kind !== 'LOST' && input.lostReason != null) {
    add('INVALID', ['lostReason'], `A deal in ${stage.name} is not lost.`);
  }
  if ((input.products?.length ?? 0) > maxProducts) {
    add('INVALID', ['products'], `A deal has at most ${maxProducts} products.`);
    return problems;
  }
  for (const [index, line] of (input.products ?? []).entries()) {
    const at = ['products', String(index)];
    if (!products.has(line.productId)) {
      add('NOT_FOUND', [...at, 'productId'], 'No such product in this organization.');
    }
    if (line.quantity != null && !(Number(line.quantity) > 0)) {
      add('INVALID', [...at, 'quantity'], 'A quantity is above 0.');
    }
    checkMoney(line.unitPrice, [...at, 'unitPrice']);
  }
  return problems;

  function checkMoney(money: MoneyInput | null | undefined, field: string[]): void {
    if (!money) return;
    const problem = moneyProblem(money);
    if (problem) add('INVALID', [...field, problem.field], problem.message);
    else if (money.amount.startsWith('-')) add('INVALID', [...field, 'amount'], 'At least 0.');
  }
}

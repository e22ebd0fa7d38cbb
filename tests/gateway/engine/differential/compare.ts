// Compares what our engine answered with what is right: with the truth where nothing goes wrong, else
// with what the stock executor fetched, shaped as the specification says.
import type { GraphQLSchema } from 'graphql';
import { hasAmbiguousKeys } from './ambiguousKeys.ts';
import { canonicalJson } from './canonicalJson.ts';
import { comparable, compareErrors } from './compareErrors.ts';
import { compareRequests } from './compareRequests.ts';
import { type Difference, differ, sameJson } from './Difference.ts';
import type { Observed, TestOperation } from './Executor.ts';
import type { StockObserved } from './oracle.ts';
import { type Shaped, shapeBySpecification } from './shapeBySpecification.ts';

export interface Comparison {
  differences: readonly Difference[];
  /** Why the stock executor's response is not the expected one, where it is not. */
  stockIsWrong: readonly StockFault[];
  /** The planner, which both executors use, is at fault, and ours answered the same as the stock one. */
  isSharedFault?: boolean;
}

/**
 * `plan`: it fetched the wrong data. `shape`: it made a wrong response of the right data. `order`: it
 * has the keys in another order than they are selected. `error places`: errors about other entities,
 * or at places that no client knows.
 */
export type StockFault = 'plan' | 'shape' | 'order' | 'error places';

export interface Compared {
  schema: GraphQLSchema;
  operation: TestOperation;
  stock: StockObserved;
  ours: Observed;
}

/**
 * For runs in which nothing goes wrong: then the truth decides. Where the planner is wrong, ours may
 * be right, or as wrong as the stock executor, which has the same planner.
 */
export const compareWithTruth = (compared: Compared, truth: Observed): Comparison => {
  const { ours } = compared;
  const differences = [
    ...differ('data', truth.data, ours.data),
    ...differ('effects', truth.effects, ours.effects),
  ];
  if (truth.errors.length > 0 !== ours.errors.length > 0) {
    differences.push({ what: 'errors', expected: truth.errors, actual: ours.errors });
  }
  const withStock = compareWithStock(compared);
  if (sameJson(shaped(compared)?.data, truth.data)) {
    return { ...withStock, differences: [...differences, ...withStock.differences] };
  }
  const isSharedFault = differences.length > 0 && withStock.differences.length === 0;
  return { differences: isSharedFault ? [] : differences, stockIsWrong: ['plan'], isSharedFault };
};

export const compareWithStock = (compared: Compared): Comparison => {
  const { schema, operation, stock, ours } = compared;
  if (asksInvalidly(stock) && !asksInvalidly(ours)) {
    return { ...compareRequired(compared), stockIsWrong: ['plan'] };
  }
  const specified = shaped(compared);
  if (!specified) {
    /* It failed before it fetched anything. */
    const expected = stock.errors.map(comparable);
    const differences = differ('errors', expected, ours.errors.map(comparable));
    return { differences, stockIsWrong: [] };
  }
  const isTypeLost = lostType(specified, compared);
  const errors = compareErrors(stock, ours, isTypeLost ? undefined : specified.errors);
  /* What a plan renames, the stock executor may lose, and then has nothing to ask for with. */
  const isSure = !hasAmbiguousKeys(schema, operation.query) && !stock.plan?.includes('__alias_');
  return {
    differences: [
      ...differ('data', isTypeLost ? stock.data : specified.data, ours.data),
      ...errors.differences,
      ...differ('effects', stock.effects, ours.effects),
      ...(isSure ? compareRequests(stock, ours) : []),
      ...compareRequired(compared).differences,
    ],
    stockIsWrong: [
      ...shapeFaults(stock.data, specified.data),
      ...(errors.arePlacedWrong ? (['error places'] as const) : []),
    ],
  };
};

/**
 * For runs in which the two may rightly answer differently: what a subgraph computes from other fields
 * is still not to be asked for without them, unless the plan itself is so.
 */
export const compareRequired = ({ stock, ours }: Compared): Comparison => ({
  differences: differ('required', [], [...ours.unmet.difference(stock.unmet)]),
  stockIsWrong: [],
});

/** The planner puts fields with other arguments under one key of a query. */
const asksInvalidly = ({ errors }: Observed): boolean =>
  errors.some(({ message }) => message.includes('finds a query invalid'));

const shaped = ({ schema, operation, stock }: Compared): Shaped | undefined =>
  stock.fetched && shapeBySpecification(schema, operation, stock.fetched);

/**
 * The fetch that was to tell an object's type failed: the specification says nothing of fragments on
 * such an object. Both leave out those on object types.
 */
const lostType = ({ hasUnknownType }: Shaped, { stock, ours }: Compared): boolean =>
  hasUnknownType && sameJson(stock.data, ours.data);

const shapeFaults = (stock: unknown, specified: unknown): StockFault[] => {
  if (sameJson(stock, specified)) return [];
  return canonicalJson(stock) === canonicalJson(specified) ? ['order'] : ['shape'];
};

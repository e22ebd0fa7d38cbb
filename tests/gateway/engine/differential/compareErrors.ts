// Compares errors as sets in which each may occur more than once. How the two executors are known to
// differ is in these functions, each with its test in stockDiffers.test.ts.
import { canonicalJson } from './canonicalJson.ts';
import { type Difference, differ, sameJson } from './Difference.ts';
import type { Observed, ObservedError } from './Executor.ts';
import type { StockObserved } from './oracle.ts';
import { placeErrors } from './placeErrors.ts';

type ResponsePath = readonly (string | number)[];

export interface ComparedErrors {
  differences: Difference[];
  /** The stock executor has them elsewhere. */
  arePlacedWrong: boolean;
}

/** `nulls`: what the specification's implementation reports of the data that was fetched. */
export const compareErrors = (
  stock: StockObserved,
  ours: Observed,
  nulls: readonly { path?: ResponsePath | undefined }[] | undefined,
): ComparedErrors => {
  const [failedCalls, reported] = partition(ours.errors, ({ failedCall }) => failedCall);
  const [completions, subgraphErrors] = partition(
    reported,
    ({ extensions }) => extensions?.['code'] === 'UNEXPECTED_SUBGRAPH_VALUE',
  );
  const differences = [
    ...differ('errors', failedMessages(stock.errors), failedMessages(failedCalls)),
    ...differ('errors', [], misplaced(failedCalls, ours.data)),
  ];
  if (nulls) {
    const expected = unexplained(nulls, [...subgraphErrors, ...failedCalls]);
    const actual = completions.map(({ path }) => canonicalJson(path)).sort();
    differences.push(...differ('errors', expected, actual));
  }
  const fromSubgraphs = stock.errors.filter(({ origin }) => origin);
  const texts = (errors: readonly ObservedError[]): string[] => errors.map(comparable).sort();
  const arePlacedWrong = !sameJson(texts(fromSubgraphs), texts(subgraphErrors));
  if (arePlacedWrong) {
    const placed = placeErrors(fromSubgraphs, stock.fetched ?? {});
    differences.push(...differ('errors', texts(placed), texts(subgraphErrors)));
  }
  return { differences, arePlacedWrong };
};

/**
 * The stock executor says where an error is from, and its subgraph's stack trace: not for clients.
 * An error without a code gets the same one from both.
 */
export const comparable = ({ message, path, extensions = {} }: ObservedError): string => {
  const { serviceName: _, stacktrace: __, ...others } = extensions;
  return canonicalJson({ message, path, extensions: others });
};

/**
 * A subgraph that gives no answer: the stock executor reports it once per fetch and without a path,
 * ours at every place that was to be filled.
 */
const failedMessages = (errors: readonly ObservedError[]): string[] => {
  const failed = errors.filter(({ failedCall }) => failedCall);
  return [...new Set(failed.map(({ message }) => message))].sort();
};

/** Failed calls that are reported where the response has nothing, or twice. */
const misplaced = (failedCalls: readonly ObservedError[], data: unknown): ObservedError[] =>
  failedCalls.filter(
    ({ failedCall, path }, index) =>
      !isInData(data, path) ||
      failedCalls
        .slice(0, index)
        .some(
          (other) =>
            other.failedCall === failedCall && canonicalJson(other.path) === canonicalJson(path),
        ),
  );

/** Whether the path leads to a value of the response, or to the null that hides it. */
const isInData = (data: unknown, path: ResponsePath | undefined): boolean => {
  let value = data;
  for (const key of path ?? []) {
    if (value === null) return true;
    if (typeof value !== 'object' || !Object.hasOwn(value, key)) return false;
    value = (value as Record<string | number, unknown>)[key];
  }
  return path !== undefined;
};

/**
 * Nulls where null may not be: the stock executor has them in extensions.valueCompletion, or drops
 * them. Ours are errors, as section 6.4.4 wants, unless a subgraph's error says why: one at the place,
 * above or below it, or one without a place.
 */
const unexplained = (
  nulls: readonly { path?: ResponsePath | undefined }[],
  errors: readonly ObservedError[],
): string[] =>
  nulls
    .filter(({ path = [] }) => !errors.some((error) => isAbout(error.path, path)))
    .map(({ path }) => canonicalJson(path))
    .sort();

const isAbout = (path: ResponsePath | undefined, place: ResponsePath): boolean =>
  path?.every((key, index) => index >= place.length || key === place[index]) ?? true;

const partition = <T>(values: readonly T[], test: (value: T) => unknown): [T[], T[]] => [
  values.filter((value) => test(value)),
  values.filter((value) => !test(value)),
];

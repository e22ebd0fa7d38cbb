// A difference as text: all that somebody needs who wants to see why.
import type { TestOperation } from './Executor.ts';
import { Faults } from './Faults.ts';
import { shrinkOperation } from './shrinkOperation.ts';
import type { CaseRun, TestGraph } from './TestGraph.ts';

/** Shrinks the operation first. */
export const describeDifference = async (
  graph: TestGraph,
  seed: number,
  found: CaseRun,
): Promise<string> => {
  const wanted = kindOf(found);
  const again = (operation: TestOperation): Promise<CaseRun> =>
    graph.run(operation, found.standard, new Faults(found.faults.seed));
  const operation = await shrinkOperation(graph.schema, found.operation, async (smaller) => {
    return kindOf(await again(smaller)) === wanted;
  });
  const run = await again(operation);
  const { stock, ours, faults, differences } = run;
  return [
    `${graph.name} differs. To see it again: --supergraph ${graph.name} --seed ${seed}`,
    section('Operation, shrunk', operation.query),
    section('Variables', text(operation.variables)),
    section(`Faults met (seed ${faults.seed})`, [...faults.met].join('\n') || 'none'),
    section('Plan', stock.plan ?? 'the planner failed'),
    ...differences.map(({ what, expected, actual }) =>
      section(`Difference: ${what}`, `right: ${text(expected)}\nours:  ${text(actual)}`),
    ),
    section('Stock executor', text({ data: stock.data, errors: stock.errors })),
    section('Ours', ours instanceof Error ? String(ours.stack) : text(ours)),
  ].join('\n\n');
};

/** Of a shared fault or a difference: what it stays when the operation shrinks. */
const kindOf = ({ differences, isSharedFault }: CaseRun): string => {
  const [first] = differences;
  if (!first) return isSharedFault ? 'shared fault' : 'none';
  return first.actual instanceof Error ? first.actual.message.slice(0, 60) : first.what;
};

const section = (title: string, content: string): string =>
  `${title}:\n${content.replace(/^/gm, '  ')}`;

const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, withoutCauses, 2);

const withoutCauses = (key: string, value: unknown): unknown =>
  key === 'failedCall' || key === 'origin' || key === 'requests' ? undefined : value;

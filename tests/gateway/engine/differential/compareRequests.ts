// Whether both executors asked the same subgraphs, with the same variables, in however many fetches: a
// fetch for nothing is found here, whatever it brings. What a fetch asks for too little is seen in the
// data; ours may ask for more, where the stock executor's plan has lost something.
import { type Difference, differ } from './Difference.ts';
import type { Observed, ObservedRequest } from './Executor.ts';
import type { StockObserved } from './oracle.ts';

export const compareRequests = (stock: StockObserved, ours: Observed): Difference[] => {
  const known = new Set(variablesOf(stock.requests));
  /* A variable that the plan does not have stands in a field that the plan has lost. */
  const used = new Set(stock.plan?.match(/\$\w+/g));
  const unknown = variablesOf(ours.requests).filter(
    (one) => !known.has(one) && used.has(/\$\w+/.exec(one)?.[0] ?? ''),
  );
  return [
    ...differ('requests', asked(stock.requests), asked(ours.requests)),
    ...differ('requests', [], unknown),
  ];
};

const asked = (requests: readonly ObservedRequest[]): string[] =>
  [...new Set(requests.map(({ subgraph, kind }) => `${subgraph} ${kind}`))].sort();

const variablesOf = (requests: readonly ObservedRequest[]): string[] =>
  requests.flatMap(({ subgraph, variables }) => variables.map((one) => `${subgraph} $${one}`));

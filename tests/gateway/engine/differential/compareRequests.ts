// Whether both executors asked the same subgraphs, with the same variables, in however many fetches: a
// fetch for nothing is found here, whatever it brings. What a fetch asks for too little is seen in the
// data; ours may ask for more, where the stock executor's plan has lost something.
import { type Difference, differ } from './Difference.ts';
import type { Observed, ObservedRequest } from './Executor.ts';

export const compareRequests = (stock: Observed, ours: Observed): Difference[] => {
  const known = new Set(variablesOf(stock.requests));
  return [
    ...differ('requests', asked(stock.requests), asked(ours.requests)),
    ...differ(
      'requests',
      [],
      variablesOf(ours.requests).filter((one) => !known.has(one)),
    ),
  ];
};

const asked = (requests: readonly ObservedRequest[]): string[] =>
  [...new Set(requests.map(({ subgraph, kind }) => `${subgraph} ${kind}`))].sort();

const variablesOf = (requests: readonly ObservedRequest[]): string[] =>
  requests.flatMap(({ subgraph, variables }) => variables.map((one) => `${subgraph} $${one}`));

// The way from an executor to a subgraph: text in, text out, and the calls that find nobody.
import { canonicalJson } from './canonicalJson.ts';

import type { ObservedRequest } from './Executor.ts';
import type { Run, SubgraphBody, TestSubgraph } from './TestSubgraph.ts';

export interface CallRecord extends Run {
  requests: ObservedRequest[];
}

/** Rejects with the error that `unreachable` makes when the subgraph is one that does not answer. */
export const callSubgraph = async (
  subgraph: TestSubgraph,
  body: string,
  run: CallRecord,
  unreachable: (message: string) => Error,
): Promise<string> => {
  const request = JSON.parse(body) as SubgraphBody;
  const { representations, ...others } = request.variables ?? {};
  const kind = representations === undefined ? 'root' : 'entities';
  run.requests.push({
    subgraph: subgraph.name,
    kind,
    variables: Object.entries(others).map(([name, value]) => `${name}: ${canonicalJson(value)}`),
  });
  const fault = run.faults.fetch(subgraph.name, kind);
  if (fault === 'transport') throw unreachable(`Nobody answers at ${subgraph.name}`);
  if (fault === 'refused') {
    const message = `${subgraph.name} refuses`;
    return kind === 'entities'
      ? JSON.stringify({ data: null, errors: [{ message, path: ['_entities'] }] })
      : JSON.stringify({ errors: [{ message, extensions: {} }] });
  }
  return subgraph.execute(request, run);
};

// Reads a CPU profile: where the time went, by function and by package.
import type { Profiler } from 'node:inspector';

export interface Cost {
  name: string;
  /** Microseconds in the function or the package itself. */
  own: number;
  /** And in what Node does for it: its own modules and native code called from there. */
  withNode: number;
}

export interface Costs {
  /** Microseconds in which the process was not idle. */
  busy: number;
  functions: Cost[];
  packages: Cost[];
}

/** Not work: the process waits, or the profile itself is started and stopped. */
const isAside = ({ callFrame: { functionName, url } }: Profiler.ProfileNode): boolean =>
  functionName === '(root)' || functionName === '(idle)' || url === 'node:inspector';

export const costsOf = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Costs => {
  const times = new Map<number, number>();
  samples.forEach((id, at) => {
    times.set(id, (times.get(id) ?? 0) + (timeDeltas[at] ?? 0));
  });
  const parents = new Map<number, Profiler.ProfileNode>();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node);

  const functions = new Map<string, Cost>();
  const packages = new Map<string, Cost>();
  let busy = 0;
  for (const node of nodes) {
    const time = times.get(node.id) ?? 0;
    if (time <= 0 || isAside(node)) continue;
    busy += time;
    let caller: Profiler.ProfileNode | undefined = node;
    while (caller && isNode(packageOf(caller))) caller = parents.get(caller.id);
    add(functions, functionOf(node), 'own', time);
    add(functions, functionOf(caller ?? node), 'withNode', time);
    add(packages, packageOf(node), 'own', time);
    add(packages, packageOf(caller ?? node), 'withNode', time);
  }
  return { busy, functions: sorted(functions), packages: sorted(packages) };
};

const sorted = (costs: ReadonlyMap<string, Cost>): Cost[] =>
  [...costs.values()].sort((a, b) => b.own - a.own);

const add = (
  costs: Map<string, Cost>,
  name: string,
  key: 'own' | 'withNode',
  time: number,
): void => {
  const cost = costs.get(name) ?? { name, own: 0, withNode: 0 };
  cost[key] += time;
  costs.set(name, cost);
};

const isNode = (name: string): boolean => name === 'node' || name === 'native' || name === 'gc';

const packageOf = ({ callFrame: { url, functionName } }: Profiler.ProfileNode): string => {
  if (functionName === '(garbage collector)') return 'gc';
  if (url === '') return 'native';
  if (url.startsWith('node:')) return 'node';
  const installed = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (installed) return installed;
  /* Our own, by folder: gateway/engine/execute. */
  const own = /\/(gateway|shared|tests)\/(?:dist\/)?(.*)\/[^/]+$/.exec(url);
  return own ? `${own[1]}/${own[2]}` : url;
};

const functionOf = (node: Profiler.ProfileNode): string => {
  const { functionName, url, lineNumber } = node.callFrame;
  const file = url.split('/').at(-1) ?? '';
  const place = url === '' ? '' : ` ${packageOf(node)} ${file}:${lineNumber + 1}`;
  return `${functionName || '(anonymous)'}${place}`;
};

// The run as a whole: both graphs, their peers and their operations, in the way that was asked for.
import { pins } from './cores.ts';
import type { GraphName } from './Graph.ts';
import { profilePeer } from './inspect/profilePeer.ts';
import { reportMemory } from './inspect/reportMemory.ts';
import { loadGenerator } from './load/loadGenerator.ts';
import { type MeasureOptions, measure } from './measure.ts';
import { crmOperations } from './operations/crmOperations.ts';
import { genericOperations } from './operations/genericOperations.ts';
import type { Operation } from './operations/Operation.ts';
import type { BenchOptions } from './options.ts';
import type { PeerName } from './peers/startPeer.ts';
import { figuresTable } from './report/figuresTable.ts';
import { rowsOf } from './report/rows.ts';
import type { Workbench } from './Workbench.ts';

interface Suite {
  graph: GraphName;
  operations: readonly Operation[];
  peers: readonly PeerName[];
}

type SuiteOptions = BenchOptions & Pick<MeasureOptions, 'peers' | 'run'>;

/** The code by hand knows the generic operations only, the full gateway the CRM's graph only. */
const suites: readonly Suite[] = [
  { graph: 'generic', operations: genericOperations, peers: ['stock', 'limit', 'engine'] },
  { graph: 'crm', operations: crmOperations, peers: ['stock', 'engine', 'full'] },
];

/** Resolves to the exit code: 1 when a peer answered wrong. */
export const compare = async (workbench: Workbench, options: BenchOptions): Promise<number> => {
  const { name, run } = loadGenerator(workbench.folder);
  const where = pins
    ? 'each gateway on core 0, subgraphs and load on core 1'
    : 'processes not pinned to cores';
  console.error(
    `Node ${process.version}, load by ${name}, ${options.connections} connections, ${options.callers} callers, ${where}`,
  );
  let exitCode = 0;
  const watched = new Set<PeerName>();
  for (const suite of suites) {
    const operations = suite.operations.filter((one) => options.operationNames.has(one.name));
    const asked = suite.peers.filter((peer) => options.peerNames.includes(peer));
    /* One graph is enough to see a leak. */
    const names = options.memorySeconds ? asked.filter((peer) => !watched.has(peer)) : asked;
    if (operations.length === 0 || names.length === 0) continue;
    const peers = await workbench.peers(names, await workbench.graph(suite.graph));
    const all = { ...options, peers, run };
    if (options.profile) await profileAll(operations, all);
    else if (options.memorySeconds) {
      for (const name of names) watched.add(name);
      await reportMemory(operations, all, options.memorySeconds);
    } else if (!(await measureAll(operations, all))) exitCode = 1;
  }
  return exitCode;
};

const profileAll = async (operations: readonly Operation[], options: SuiteOptions) => {
  for (const peer of options.peers) {
    for (const operation of operations) {
      console.log(`${await profilePeer(peer, operation, options)}\n`);
    }
  }
};

/** Resolves to whether every peer answered right. */
const measureAll = async (
  operations: readonly Operation[],
  options: SuiteOptions,
): Promise<boolean> => {
  let isRight = true;
  const rows = [];
  for (const operation of operations) {
    console.error(`measuring ${operation.name}`);
    const measured = await measure(operation, options);
    for (const [peer, reason] of measured.wrong) {
      isRight = false;
      console.error(`${operation.name}: ${peer} is not measured: ${reason}`);
    }
    const own = rowsOf(measured);
    if (options.json) for (const row of own) console.log(JSON.stringify(row));
    rows.push(...own);
  }
  if (!options.json) console.log(`\n${figuresTable(rows)}\n`);
  return isRight;
};

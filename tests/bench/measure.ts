// Measures one operation on some peers: in rounds, one after the other, so that what else the machine
// does meets all of them; the median of the rounds counts.
import { BenchError } from './BenchError.ts';
import type { Figures, Generator, Load } from './load/Load.ts';
import { bodiesOf, type Operation } from './operations/Operation.ts';
import { checkAnswers } from './peers/checkAnswers.ts';
import type { Peer } from './peers/Peer.ts';

export interface MeasureOptions {
  peers: readonly Peer[];
  run: Generator;
  seconds: number;
  rounds: number;
  connections: number;
}

export interface PeerFigures extends Omit<Figures, 'requests'> {
  /** Microseconds of CPU that the peer takes for one request: told apart from others' use of its core. */
  cpuUs: number;
}

export interface Measured {
  operation: Operation;
  figures: ReadonlyMap<string, PeerFigures>;
  /** Why a peer was not measured: what it answered instead, or that requests failed. */
  wrong: ReadonlyMap<string, string>;
}

/** Until the functions that matter are compiled. */
const warmUpSeconds = 3;

export const measure = async (operation: Operation, options: MeasureOptions): Promise<Measured> => {
  const { peers, run, seconds, rounds } = options;
  const bodies = bodiesOf(operation);
  const wrong = await checkAnswers(peers, bodies);
  const right = () => peers.filter((peer) => !wrong.has(peer));
  const attempt = async (peer: Peer, loadSeconds: number): Promise<PeerFigures | undefined> => {
    try {
      return await measureOnce(
        peer,
        loadOn(peer, bodies, { ...options, seconds: loadSeconds }),
        run,
      );
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      wrong.set(peer, error.message);
      return undefined;
    }
  };
  for (const peer of right()) await attempt(peer, warmUpSeconds);
  const runs = new Map<Peer, PeerFigures[]>();
  for (let round = 0; round < rounds; round++) {
    for (const peer of right()) {
      const figures = await attempt(peer, seconds);
      if (figures) runs.set(peer, [...(runs.get(peer) ?? []), figures]);
    }
  }
  /* Under load no answer may have become another one. */
  for (const [peer, answer] of await checkAnswers(right(), bodies)) wrong.set(peer, answer);
  return {
    operation,
    figures: new Map(right().map((peer) => [peer.name, medians(runs.get(peer) ?? [])])),
    wrong: new Map([...wrong].map(([peer, reason]) => [peer.name, reason])),
  };
};

/** Callers and bodies take turns, so that what follows one another differs in both. */
export const loadOn = (
  { url, callers }: Peer,
  bodies: readonly string[],
  { seconds, connections }: Pick<MeasureOptions, 'seconds' | 'connections'>,
): Load => ({
  url,
  seconds,
  connections,
  requests: Array.from({ length: Math.max(callers.length, bodies.length) }, (_, at) => ({
    headers: callers[at % callers.length] ?? {},
    body: bodies[at % bodies.length] ?? '',
  })),
});

const measureOnce = async (peer: Peer, load: Load, run: Generator): Promise<PeerFigures> => {
  const before = Number(await peer.process.message('cpu'));
  const { requests, ...figures } = await run(load);
  return { ...figures, cpuUs: (Number(await peer.process.message('cpu')) - before) / requests };
};

const medians = (runs: readonly PeerFigures[]): PeerFigures => ({
  rps: median(runs.map(({ rps }) => rps)),
  p50Ms: median(runs.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(runs.map(({ p99Ms }) => p99Ms)),
  cpuUs: median(runs.map(({ cpuUs }) => cpuUs)),
});

export const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[(numbers.length - 1) >> 1] ?? Number.NaN;

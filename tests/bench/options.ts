// The command line.
import { parseArgs } from 'node:util';
import { BenchError } from './BenchError.ts';
import { crmOperations } from './operations/crmOperations.ts';
import { genericOperations } from './operations/genericOperations.ts';
import { type PeerName, peerNames } from './peers/startPeer.ts';

export const operationNames = [...genericOperations, ...crmOperations].map(({ name }) => name);

export const help = `Compares gateways in one run, on canned subgraphs: npm run bench -- [options]

Peers
  stock    @apollo/server and @apollo/gateway as their documentation starts them
  limit    the generic operations written by hand; a single fetch is proxied as it comes
  engine   the engine alone: node gateway/dist/bare/main.js
  full     the whole gateway: token verified, rules, limits, log (the crm- operations only)

Options
  --seconds N          seconds of each measurement (default 5)
  --rounds N           measurements of each peer and operation, the median counts (default 3)
  --connections N      requests in flight (default 16)
  --callers N          whose requests take turns (default 1). Those of one caller that are equal and
                       in flight at once may share a fetch, those of different ones may not
  --only A,B           these peers only
  --operation A,B      these operations only:
                       ${operationNames.slice(0, 7).join(' ')}
                       ${operationNames.slice(7).join(' ')}
  --json               JSON lines instead of tables
  --memory SECONDS     instead: loads the engine (or the peer of --only) that long, prints its memory
  --profile PEER       instead: takes a CPU profile of a peer for each operation, prints what costs
  --profile-folder DIR where the profiles are kept (default: they are not)
  --checkout DIR       another folder of the project to take engine and gateway from, built
  --help

A peer whose answers differ from those of the first is not measured, and the exit code is 1.`;

export interface BenchOptions {
  seconds: number;
  rounds: number;
  connections: number;
  callers: number;
  peerNames: readonly PeerName[];
  operationNames: ReadonlySet<string>;
  json: boolean;
  memorySeconds: number | undefined;
  profile: PeerName | undefined;
  profileFolder: string | undefined;
  checkout: string | undefined;
  help: boolean;
}

/** Throws a BenchError for what is not an option. */
export const readOptions = (args: string[]): BenchOptions => {
  const values = parsed(args);
  const memorySeconds = values.memory === undefined ? undefined : number('memory', values.memory);
  const [profile] = chosen('profile', values.profile, peerNames, []);
  const all = memorySeconds === undefined ? peerNames : (['engine'] as const);
  return {
    seconds: number('seconds', values.seconds ?? '5'),
    rounds: number('rounds', values.rounds ?? '3'),
    connections: number('connections', values.connections ?? '16'),
    callers: number('callers', values.callers ?? '1'),
    peerNames: profile ? [profile] : chosen('only', values.only, peerNames, all),
    operationNames: new Set(chosen('operation', values.operation, operationNames, operationNames)),
    json: values.json ?? false,
    memorySeconds,
    profile,
    profileFolder: values['profile-folder'],
    checkout: values.checkout,
    help: values.help ?? false,
  };
};

const parsed = (args: string[]) => {
  try {
    return parseArgs({
      args,
      options: {
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        connections: { type: 'string' },
        callers: { type: 'string' },
        only: { type: 'string' },
        operation: { type: 'string' },
        json: { type: 'boolean' },
        memory: { type: 'string' },
        profile: { type: 'string' },
        'profile-folder': { type: 'string' },
        checkout: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new BenchError(`${(error as Error).message}\nSee npm run bench -- --help`);
  }
};

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new BenchError(`--${name} ${text}: a whole number from 1 is expected`);
};

const chosen = <Name extends string>(
  option: string,
  text: string | undefined,
  all: readonly Name[],
  unless: readonly Name[],
): readonly Name[] => {
  if (text === undefined) return unless;
  const names = text.split(',');
  const unknown = names.filter((name) => !all.some((known) => known === name));
  if (unknown.length === 0) return all.filter((name) => names.includes(name));
  throw new BenchError(`--${option} ${unknown.join(',')}: one of ${all.join(', ')} is expected`);
};

// The command line.
import { parseArgs } from 'node:util';
import { type TransportName, transportNames } from './clients/transports/Transport.ts';
import { type KillTarget, killTargets } from './kill.ts';

export const help = `Kills parts of a graph while subscribers watch, and checks what each of them received against
the log: npm run chaos -- [options]

  --subscribers N      spread over the transports (default 1000)
  --seconds N          how long deals change (default 120)
  --rate N             changes per second (default 50)
  --kills A,B          what dies, in turn: ${killTargets.join(', ')} (default: all)
  --rounds N           how often each of them dies (default 2)
  --transports A,B     ${transportNames.join(', ')} (default: all)
  --json               the result as JSON instead of a table
  --help

The graph is one of the run's own, in a temporary folder. The exit code is 1 when an event was lost,
came twice, out of order, against its filter, or says something else than the log.`;

export interface CommandLine {
  subscribers: number;
  seconds: number;
  rate: number;
  kills: readonly KillTarget[];
  rounds: number;
  transports: readonly TransportName[];
  json: boolean;
  help: boolean;
}

/** What the person who runs it can put right. */
export class UsageError extends Error {}

/** Throws UsageError. */
export const readOptions = (args: string[]): CommandLine => {
  const values = parsed(args);
  return {
    subscribers: number('subscribers', values.subscribers ?? '1000'),
    seconds: number('seconds', values.seconds ?? '120'),
    rate: number('rate', values.rate ?? '50'),
    kills: chosen('kills', values.kills, killTargets),
    rounds: number('rounds', values.rounds ?? '2'),
    transports: chosen('transports', values.transports, transportNames),
    json: values.json ?? false,
    help: values.help ?? false,
  };
};

const parsed = (args: string[]) => {
  try {
    return parseArgs({
      args,
      options: {
        subscribers: { type: 'string' },
        seconds: { type: 'string' },
        rate: { type: 'string' },
        kills: { type: 'string' },
        rounds: { type: 'string' },
        transports: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nSee npm run chaos -- --help`);
  }
};

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--${name} ${text}: a whole number from 1 is expected`);
};

const chosen = <Name extends string>(
  option: string,
  text: string | undefined,
  all: readonly Name[],
): readonly Name[] => {
  const names = text?.split(',') ?? all;
  const known = names.filter((name): name is Name => all.some((one) => one === name));
  if (known.length === names.length) return known;
  throw new UsageError(`--${option} ${text}: some of ${all.join(', ')} are expected`);
};

// The command line.
import { parseArgs } from 'node:util';
import { BenchError } from '../BenchError.ts';

export const benchNames = ['fan-out', 'latency', 'idle', 'writers'] as const;
export type BenchName = (typeof benchNames)[number];

export const help = `Measures live events on a graph of its own: npm run bench:events -- [BENCH …] [options]

Benches (default: all, one after the other)
  fan-out   deliveries per second and CPU time of one event to 1,000 and to 5,000 sockets, against a
            raw ws broadcast of the same bytes; memory per idle subscriber
  latency   from an event's append to the sockets of 1,000 subscribers, 20 events/s, with a selection
            that needs two other subgraphs
  idle      statements that 10,000 idle subscribers of one organization cause
  writers   what appending to the log costs a mutation

Options
  --sockets N    subscribers, instead of those above
  --seconds N    how long latency and idle look (default 30)
  --rounds N     of fan-out (default 5)
  --events N     at once in a round of fan-out (default 100)
  --quick        less of everything: a first impression
  --help`;

export interface Options {
  benches: readonly BenchName[];
  sockets: number | undefined;
  seconds: number;
  rounds: number;
  events: number;
  quick: boolean;
  help: boolean;
}

/** Throws a BenchError for what is not an option. */
export const readOptions = (args: string[]): Options => {
  const { values, positionals } = parsed(args);
  const quick = values.quick ?? false;
  const unknown = positionals.filter((name) => !benchNames.some((known) => known === name));
  if (unknown.length > 0) {
    throw new BenchError(`${unknown.join(' ')}: one of ${benchNames.join(', ')} is expected`);
  }
  return {
    benches: benchNames.filter((name) => positionals.length === 0 || positionals.includes(name)),
    sockets: values.sockets === undefined ? undefined : number('sockets', values.sockets),
    seconds: number('seconds', values.seconds ?? (quick ? '10' : '30')),
    rounds: number('rounds', values.rounds ?? (quick ? '2' : '5')),
    events: number('events', values.events ?? '100'),
    quick,
    help: values.help ?? false,
  };
};

const parsed = (args: string[]) => {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        sockets: { type: 'string' },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        events: { type: 'string' },
        quick: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new BenchError(`${(error as Error).message}\nSee npm run bench:events -- --help`);
  }
};

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new BenchError(`--${name} ${text}: a whole number from 1 is expected`);
};

// The command line.
import { parseArgs } from 'node:util';
import { allAttacks } from './attacks/allAttacks.ts';

const names = allAttacks.map(({ name }) => name);
const most = { seconds: 20 };

export const help = `Attacks a graph of its own, and measures what somebody of another organization notices of it:
npm run siege -- [options]

  --only A,B       some of the attacks (default: all), or one variant: nested-pages/edges; may be
                   given several times
  --seconds N      how long each variant lasts, 1 to ${most.seconds} (default 10)
  --patient        waits a minute after each variant, not only at the end, to see which memory stays
  --json FILE      writes the figures as JSON, too
  --list           the attacks and their variants
  --help

The table comes as Markdown. The exit code is 1 when an attack was noticed: a p99 above five times the
quiet one and above 100 ms, an error, a restart, or a process above 1 GB.

Attacks
${allAttacks.map(({ name, about }) => `  ${name.padEnd(20)} ${about}`).join('\n')}`;

export const list = allAttacks
  .flatMap(({ name, variants }) =>
    variants.map((variant) => `${name}/${variant.name} (${variant.from}; ${variant.by})`),
  )
  .join('\n');

export interface CommandLine {
  /** Of attacks, or ATTACK/VARIANT. */
  only: readonly string[];
  seconds: number;
  patient: boolean;
  json: string | undefined;
  list: boolean;
  help: boolean;
}

/** What the person who runs it can put right. */
export class UsageError extends Error {}

/** Throws UsageError. */
export const readOptions = (args: string[]): CommandLine => {
  const values = parsed(args);
  return {
    only: chosen(values.only),
    seconds: seconds(values.seconds ?? '10'),
    patient: values.patient ?? false,
    json: values.json,
    list: values.list ?? false,
    help: values.help ?? false,
  };
};

const parsed = (args: string[]) => {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true },
        seconds: { type: 'string' },
        patient: { type: 'boolean' },
        json: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nSee npm run siege -- --help`);
  }
};

const seconds = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most.seconds) return value;
  throw new UsageError(`--seconds ${text}: a whole number from 1 to ${most.seconds} is expected`);
};

const known = allAttacks.flatMap(({ name, variants }) => [
  name,
  ...variants.map((variant) => `${name}/${variant.name}`),
]);

const chosen = (given: readonly string[] | undefined): readonly string[] => {
  if (given === undefined) return names;
  /* Names of variants have commas, too. */
  const only = given.flatMap((text) => (known.includes(text) ? [text] : text.split(',')));
  const unknown = only.find((name) => !known.includes(name));
  if (unknown === undefined) return only;
  throw new UsageError(`--only ${unknown}: some of ${names.join(', ')} are expected, or of --list`);
};

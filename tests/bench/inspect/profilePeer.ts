// `--profile`: loads one peer with each operation and says what costs how much of a request.
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';
import { loadOn, type MeasureOptions } from '../measure.ts';
import { bodiesOf, type Operation } from '../operations/Operation.ts';
import type { Peer } from '../peers/Peer.ts';
import { type Column, table } from '../report/table.ts';
import { type Cost, costsOf } from './costs.ts';

const shownFunctions = 30;
const shownPackages = 15;
const warmUpSeconds = 4;

export interface ProfileOptions extends MeasureOptions {
  /** Where to keep the profile, for the tools that show one. */
  profileFolder: string | undefined;
}

/** The report of one operation. */
export const profilePeer = async (
  peer: Peer,
  operation: Operation,
  options: ProfileOptions,
): Promise<string> => {
  const { run, profileFolder } = options;
  const load = loadOn(peer, bodiesOf(operation), options);
  await run({ ...load, seconds: warmUpSeconds });
  await peer.process.message('profile');
  const { rps, requests } = await run(load);
  const profile = (await peer.process.message('profileEnd')) as Profiler.Profile;
  if (profileFolder !== undefined) {
    mkdirSync(profileFolder, { recursive: true });
    const file = join(profileFolder, `${peer.name}-${operation.name}.cpuprofile`);
    writeFileSync(file, JSON.stringify(profile));
  }
  const { busy, functions, packages } = costsOf(profile);
  const columns = columnsOf(busy, requests);
  return [
    `${peer.name}, ${operation.name}: ${Math.round(rps)} requests/s while profiled, busy for ${Math.round(busy / requests)} us with each`,
    table(columns, packages.slice(0, shownPackages)),
    table(columns, functions.slice(0, shownFunctions)),
  ].join('\n\n');
};

const columnsOf = (busy: number, requests: number): Column<Cost>[] => [
  { head: 'us/request', cell: ({ own }) => (own / requests).toFixed(1) },
  { head: 'own', cell: ({ own }) => `${((own / busy) * 100).toFixed(1)}%` },
  { head: "with Node's", cell: ({ withNode }) => `${((withNode / busy) * 100).toFixed(1)}%` },
  { head: '', cell: ({ name }) => name },
];

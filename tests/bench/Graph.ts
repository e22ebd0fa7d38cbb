// One graph with its canned subgraphs running, and the supergraph that leads to them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { BenchError } from './BenchError.ts';
import { BenchProcess } from './BenchProcess.ts';
import { genericGraph } from './subgraphs/genericGraph.ts';

export type GraphName = 'generic' | 'crm';

export interface GraphOptions {
  name: GraphName;
  root: string;
  folder: string;
  /** The key set that auth publishes, as JSON. */
  jwks: string;
}

export interface Graph extends AsyncDisposable {
  name: GraphName;
  urls: Readonly<Record<string, string>>;
  /** A path. */
  supergraph: string;
}

export const startGraph = async ({ name, root, folder, jwks }: GraphOptions): Promise<Graph> => {
  const subgraphs = new BenchProcess({
    name: `subgraphs-${name}`,
    script: join(import.meta.dirname, 'subgraphs/main.ts'),
    args: [name],
    env: { BENCH_JWKS: jwks },
    core: 'rest',
    cwd: root,
    logFolder: folder,
  });
  const urls = (await subgraphs.message()) as Record<string, string>;
  const supergraph = join(folder, `${name}.graphql`);
  writeFileSync(supergraph, name === 'crm' ? crmSupergraph(root, urls) : composed(urls));
  return { name, urls, supergraph, [Symbol.asyncDispose]: () => subgraphs[Symbol.asyncDispose]() };
};

/** The project's own supergraph names no real host. */
const crmSupergraph = (root: string, urls: Readonly<Record<string, string>>): string =>
  readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8').replace(
    /http:\/\/(\w+)\.subgraph\.invalid/g,
    (_, subgraph: string) => urls[subgraph] ?? '',
  );

const composed = (urls: Readonly<Record<string, string>>): string => {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(genericGraph).map(([name, { sdl }]) => ({
      name,
      url: `${urls[name]}/graphql`,
      typeDefs: parse(sdl),
    })),
  );
  if (supergraphSdl) return supergraphSdl;
  throw new BenchError(`The generic graph does not compose:\n${errors?.join('\n')}`);
};

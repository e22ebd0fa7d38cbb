// `npm run schema` writes schema/, `npm run schema:check` fails when schema/ is not what the built
// subgraphs make, and lists what the API breaks against the last commit.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { subgraphNames } from '../config.ts';
import { breakingChanges, committed } from './breakingChanges.ts';
import { composeSupergraph } from './composeSupergraph.ts';
import { printSubgraph } from './printSubgraph.ts';

const root = process.cwd();
const isCheck = process.argv.includes('--check');

const printed = Object.fromEntries(
  await Promise.all(
    subgraphNames.map(async (name) => [
      name,
      await printSubgraph(join(root, 'subgraphs', name, 'dist', 'main.js')),
    ]),
  ),
) as Record<string, string>;
const { supergraph, api } = composeSupergraph(printed);

const files: Record<string, string> = {
  ...Object.fromEntries(Object.entries(printed).map(([name, sdl]) => [`${name}.graphql`, sdl])),
  'supergraph.graphql': supergraph,
  'api.graphql': api,
};

const drifted: string[] = [];
for (const [file, text] of Object.entries(files)) {
  const path = join(root, 'schema', file);
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present !== text) drifted.push(`schema/${file}`);
}

if (isCheck) {
  const before = await committed(root, 'schema/api.graphql');
  const breaking = before ? breakingChanges(before, api) : [];
  for (const { description } of breaking) console.log(`breaking: ${description}`);
  if (breaking.length === 0) console.log('The API breaks nothing against the last commit.');
  if (drifted.length > 0) {
    console.error(`Not up to date: ${drifted.join(', ')}. Run \`npm run schema\`.`);
    process.exitCode = 1;
  }
} else {
  await mkdir(join(root, 'schema'), { recursive: true });
  for (const [file, text] of Object.entries(files))
    await writeFile(join(root, 'schema', file), text);
  console.log(drifted.length > 0 ? `Written: ${drifted.join(', ')}` : 'Nothing changed.');
}

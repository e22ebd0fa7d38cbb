// Bundles GraphiQL and its editor's workers from node_modules into files that the gateway serves.
// Run as a program it does so at once, for images; the gateway does it at its first start otherwise.
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '..', '..', 'explorer');

/** Where the bundle is, once it was made: gateway/assets. */
export const assetsFolder = join(here, '..', '..', 'assets');

const workers = {
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
};

/** Makes the bundle unless the one there is of the same sources and versions. */
export const bundleExplorer = async (): Promise<void> => {
  const stamp = await stampOf();
  const stampFile = join(assetsFolder, 'stamp');
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return;

  const folder = `${assetsFolder}.${process.pid}`;
  const { build } = await import('esbuild');
  const common = {
    bundle: true,
    minify: true,
    outdir: folder,
    logLevel: 'warning',
    target: 'es2022',
    legalComments: 'linked',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'file' },
  } as const;
  await Promise.all([
    build({
      ...common,
      entryPoints: { explorer: join(source, 'explorer.tsx') },
      format: 'esm',
      splitting: true,
      jsx: 'automatic',
    }),
    build({ ...common, entryPoints: workers, format: 'iife', absWorkingDir: source }),
  ]);
  await writeFile(join(folder, 'stamp'), stamp);
  /* Renamed when complete: another process never sees half a bundle. */
  await rm(assetsFolder, { recursive: true, force: true });
  await rename(folder, assetsFolder).catch((error) => {
    if (!existsSync(stampFile)) throw error;
  });
};

const stampOf = async (): Promise<string> => {
  const parts = ['explorer.tsx', 'explorer.css', '../package.json'].map((file) =>
    readFile(join(source, file), 'utf8'),
  );
  return (await Promise.all(parts)).join('\n');
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleExplorer();

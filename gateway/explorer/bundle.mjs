// Bundles GraphiQL and its editor's workers from node_modules into gateway/assets, which the gateway
// serves. A step of the build: what runs in production neither bundles nor has these packages.
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const assets = join(here, '..', 'assets');

const workers = {
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
};

const folder = `${assets}.${process.pid}`;
const common = {
  bundle: true,
  minify: true,
  outdir: folder,
  logLevel: 'warning',
  target: 'es2022',
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file' },
  absWorkingDir: here,
};
try {
  await Promise.all([
    build({
      ...common,
      entryPoints: { explorer: join(here, 'explorer.tsx') },
      format: 'esm',
      splitting: true,
      jsx: 'automatic',
    }),
    build({ ...common, entryPoints: workers, format: 'iife' }),
  ]);
  // Moved when whole: a gateway that starts meanwhile never sees half a bundle.
  await rm(assets, { recursive: true, force: true });
  await rename(folder, assets);
} finally {
  await rm(folder, { recursive: true, force: true });
}

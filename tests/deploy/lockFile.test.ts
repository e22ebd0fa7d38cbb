// `npm ci` works on every platform only if package-lock.json has every optional dependency; an
// `npm install` behind a registry mirror that lacks some leaves them out.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeBinary, root } from '../runningStack.ts';

test('package-lock.json has the optional dependencies of all platforms (see completeLock.mjs)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-graph-lock-'));
  try {
    cpSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
    cpSync(join(root, 'deploy/completeLock.mjs'), join(folder, 'deploy/completeLock.mjs'));
    const { stdout } = spawnSync(nodeBinary, [join(folder, 'deploy/completeLock.mjs')], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('The lock file is complete\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every package with an install script is on the allow list', () => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const packages: Record<string, { hasInstallScript?: boolean }> =
    read('package-lock.json').packages;
  const scripts = Object.entries(packages)
    .filter(([path, { hasInstallScript }]) => hasInstallScript && path.includes('node_modules/'))
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  const { allowScripts } = read('package.json');
  expect(scripts.filter((name) => !allowScripts[name])).toEqual([]);
});

test('what only the build and the browser need is no dependency of production', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const name of ['esbuild', 'graphiql', 'monaco-editor', 'monaco-graphql', 'react-dom']) {
    expect([name, packages[`node_modules/${name}`].dev]).toEqual([name, true]);
  }
});

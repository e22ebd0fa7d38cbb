// install.mjs on a small project with the real compiler and an npm that only records its calls.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cleanEnv, nodeBinary, root } from '../runningStack.ts';

const folder = mkdtempSync(join(tmpdir(), 'crm-graph-install-'));
const inFolder = (path: string) => join(folder, path);
const npm = inFolder('npm.js');

function write(path: string, text: string | object): void {
  mkdirSync(dirname(inFolder(path)), { recursive: true });
  writeFileSync(inFolder(path), typeof text === 'string' ? text : JSON.stringify(text));
}

/** Runs install.mjs as an npm script would; returns its exit code and output. */
function install(): { status: number | null; output: string; npmCalls: number } {
  rmSync(inFolder('npm-calls'), { force: true });
  const { status, stdout, stderr } = spawnSync(nodeBinary, [inFolder('deploy/install.mjs')], {
    env: cleanEnv({ npm_execpath: npm, npm_node_execpath: nodeBinary }),
    encoding: 'utf8',
  });
  const calls = existsSync(inFolder('npm-calls'))
    ? readFileSync(inFolder('npm-calls'), 'utf8')
    : '';
  return { status, output: `${stdout}${stderr}`, npmCalls: calls.split('ci').length - 1 };
}

function lock(version: string): object {
  return {
    packages: {
      '': {},
      'node_modules/one': { version },
      'node_modules/for-another-machine': { version: '1.0.0', optional: true, os: ['plan9'] },
    },
  };
}

/** How often the explorer was bundled since the last time. */
function bundles(): number {
  const file = inFolder('bundle-calls');
  const calls = existsSync(file) ? readFileSync(file, 'utf8').length : 0;
  rmSync(file, { force: true });
  return calls;
}

beforeAll(() => {
  mkdirSync(inFolder('deploy'));
  copyFileSync(join(root, 'deploy/install.mjs'), inFolder('deploy/install.mjs'));
  write('package-lock.json', lock('1.0.0'));
  write('tsconfig.json', { files: [], references: [{ path: 'a' }] });
  write('tsconfig.base.json', {});
  write('a/tsconfig.json', {
    compilerOptions: {
      composite: true,
      rootDir: 'src',
      outDir: 'dist',
      tsBuildInfoFile: 'dist/.tsbuildinfo',
      types: [],
    },
    include: ['src'],
  });
  write('a/src/one.ts', 'export const one: number = 1;\n');
  write(
    'npm.js',
    `const fs = require('node:fs');
     fs.appendFileSync(${JSON.stringify(inFolder('npm-calls'))}, process.argv[2]);
     if (fs.existsSync(${JSON.stringify(inFolder('npm-fails'))})) {
       console.error('npm error no network');
       process.exit(1);
     }
     fs.mkdirSync(${JSON.stringify(inFolder('node_modules'))}, { recursive: true });
     const { packages } = JSON.parse(fs.readFileSync(${JSON.stringify(inFolder('package-lock.json'))}));
     delete packages['node_modules/for-another-machine'];
     fs.writeFileSync(${JSON.stringify(inFolder('node_modules/.package-lock.json'))}, JSON.stringify({ packages }));`,
  );
  write('gateway/explorer/explorer.tsx', '');
  write(
    'gateway/explorer/bundle.mjs',
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(inFolder('bundle-calls'))}, '.');
     mkdirSync(${JSON.stringify(inFolder('gateway/assets'))}, { recursive: true });
     writeFileSync(${JSON.stringify(inFolder('gateway/assets/explorer.js'))}, '');`,
  );
  write('node_modules/keep', '');
  for (const name of ['typescript', 'node']) {
    symlinkSync(join(root, 'node_modules', name), inFolder(`node_modules/${name}`));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the first run installs and builds, and shows its steps with their times', () => {
  const { status, output, npmCalls } = install();
  expect(output).toMatch(/\d+\.\d s dependencies/);
  expect(output).toMatch(/\d+\.\d s build/);
  expect(output).toMatch(/\d+\.\d s explorer/);
  expect(bundles()).toBe(1);
  expect({ status, npmCalls }).toEqual({ status: 0, npmCalls: 1 });
  expect(existsSync(inFolder('a/dist/one.js'))).toBe(true);
});

test('a second run does nothing, says nothing and is quick', () => {
  const since = performance.now();
  expect(install()).toEqual({ status: 0, output: '', npmCalls: 0 });
  expect(performance.now() - since).toBeLessThan(2_000);
  expect(bundles()).toBe(0);
});

test('a new lock file installs again', () => {
  write('package-lock.json', lock('1.0.1'));
  expect(install().npmCalls).toBe(1);
  expect(install().npmCalls).toBe(0);
});

test('a changed source builds again, and what a removed source left in dist goes', () => {
  write('a/src/two.ts', 'export const two: number = 2;\n');
  expect(install().status).toBe(0);
  expect(existsSync(inFolder('a/dist/two.js'))).toBe(true);
  rmSync(inFolder('a/src/two.ts'));
  expect(install().output).toMatch(/build/);
  expect(existsSync(inFolder('a/dist/two.js'))).toBe(false);
  expect(existsSync(inFolder('a/dist/one.js'))).toBe(true);
});

test('the explorer is bundled again when its sources change or its bundle is gone', () => {
  bundles();
  write('gateway/explorer/explorer.css', 'body {}');
  expect(install().output).toMatch(/explorer/);
  rmSync(inFolder('gateway/assets'), { recursive: true });
  expect(install().status).toBe(0);
  expect(bundles()).toBe(2);
  expect(install().output).toBe('');
});

test('a source that does not compile ends with its error and 1', () => {
  write('a/src/one.ts', "export const one: number = 'one';\n");
  const { status, output } = install();
  expect(status).toBe(1);
  expect(output).toMatch(/a\/src\/one\.ts.*TS2322/);
  write('a/src/one.ts', 'export const one: number = 1;\n');
  expect(install().status).toBe(0);
});

test('an install that fails ends with its error and 1, and is tried again next time', () => {
  write('package-lock.json', lock('2.0.0'));
  write('npm-fails', '');
  const { status, output } = install();
  expect(status).toBe(1);
  expect(output).toContain('npm error no network');
  rmSync(inFolder('npm-fails'));
  expect(install()).toMatchObject({ status: 0, npmCalls: 1 });
});

test('a lock of a run that was killed does not stop the next one', () => {
  write('.install.lock', '999999999');
  expect(install().status).toBe(0);
  expect(existsSync(inFolder('.install.lock'))).toBe(false);
});

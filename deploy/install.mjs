// Runs before `npm start` and `npm test` on whatever Node the machine has (20 or newer), with no
// dependencies: brings node_modules in line with package-lock.json, then builds what changed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.cache', 'crm-graph', 'build.json');
const lockFile = join(root, '.install.lock');

class InstallError extends Error {}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function step(title, work) {
  const since = performance.now();
  process.stdout.write(`  ...   ${title}\n`);
  await work();
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stdout.write(`${`${seconds} s`.padStart(7)} ${title}\n`);
}

/** The first lines say what is wrong; npm adds a page of usage. */
function shortened(output) {
  const lines = output.trim().split('\n');
  return lines.length > 40 ? [...lines.slice(0, 40), '...'].join('\n') : lines.join('\n');
}

/** Runs a program; its output is shown only when it fails. */
function run(command, args) {
  return new Promise((settle, fail) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => fail(new InstallError(`${command}: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) settle();
      else fail(new InstallError(shortened(Buffer.concat(output).toString())));
    });
  });
}

/** Whether a locked package is meant for this machine; others are rightly missing. */
function isForThisMachine({ os, cpu, optional }) {
  const fits = (list, value) =>
    list === undefined ||
    (list.some((name) => !name.startsWith('!'))
      ? list.includes(value)
      : !list.includes(`!${value}`));
  return !optional && fits(os, process.platform) && fits(cpu, process.arch);
}

/** What differs between package-lock.json and npm's own record of what it installed. */
function installProblem() {
  const locked = readJson(join(root, 'package-lock.json'))?.packages;
  if (!locked) throw new InstallError('package-lock.json is missing or damaged');
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (!installed) return 'not installed yet';
  for (const [path, entry] of Object.entries(locked)) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    if (found ? found.version !== entry.version : isForThisMachine(entry)) {
      return `${path} differs`;
    }
  }
  if (!existsSync(join(modules, 'node', 'bin', 'node'))) return 'Node is missing';
  return undefined;
}

async function install() {
  if (installProblem() === undefined) return;
  await step('dependencies (npm ci; about a minute the first time)', async () => {
    // npm runs this script and says how it was started; by hand, npm is taken from the PATH.
    const { npm_execpath: npm, npm_node_execpath: node } = process.env;
    // Warnings are about other runtimes than the Node that the project brings (EBADENGINE).
    const options = [
      'ci',
      '--include=dev',
      '--ignore-scripts=false',
      '--loglevel=error',
      '--no-progress',
    ];
    if (npm?.endsWith('.js') && node) await run(node, [npm, ...options]);
    else await run('npm', options);
    const problem = installProblem();
    if (problem) throw new InstallError(`npm ci left node_modules incomplete: ${problem}`);
  });
}

/** Every file below `folder` with one of the endings, without dist and node_modules. */
function filesBelow(folder, endings) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, endings);
    return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
  });
}

function projects() {
  const { references } = readJson(join(root, 'tsconfig.json')) ?? {};
  if (!references) throw new InstallError('tsconfig.json has no references');
  return references.map(({ path }) => join(root, path));
}

function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function sourceStamp(folders) {
  const shared = ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json'];
  return stampOf([
    ...shared.map((name) => join(root, name)),
    ...folders.flatMap((folder) => filesBelow(folder, ['.ts', 'package.json', 'tsconfig.json'])),
  ]);
}

/** Adds to what the builds of this folder left as their stamps. */
function writeStamp(stamp) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ ...readJson(stampFile), ...stamp }));
}

/** Removes what was compiled from sources that are gone: an old migration must not run. */
function removeStale(project) {
  const dist = join(project, 'dist');
  if (!existsSync(dist)) return;
  const sources = existsSync(join(project, 'src')) ? join(project, 'src') : project;
  for (const file of readdirSync(dist, { recursive: true })) {
    const match = /^(.*)\.(js|js\.map|d\.ts)$/.exec(file);
    if (match && !existsSync(join(sources, `${match[1]}.ts`))) rmSync(join(dist, file));
  }
}

async function build() {
  const folders = projects();
  const stamp = sourceStamp(folders);
  const built = folders.every((folder) => existsSync(join(folder, 'dist', '.tsbuildinfo')));
  if (built && readJson(stampFile)?.stamp === stamp) return;
  await step('build', async () => {
    for (const folder of folders) removeStale(folder);
    await run(join(modules, 'node', 'bin', 'node'), [
      join(modules, 'typescript', 'bin', 'tsc'),
      '-b',
    ]);
    writeStamp({ stamp });
  });
}

/** What the browser gets of the explorer, see gateway/explorer/bundle.mjs. */
async function bundleExplorer() {
  const sources = filesBelow(join(root, 'gateway', 'explorer'), ['.tsx', '.css', '.mjs']);
  const explorer = stampOf([join(root, 'package-lock.json'), ...sources]);
  const bundled = existsSync(join(root, 'gateway', 'assets', 'explorer.js'));
  if (bundled && readJson(stampFile)?.explorer === explorer) return;
  await step('explorer', async () => {
    await run(join(modules, 'node', 'bin', 'node'), [
      join(root, 'gateway', 'explorer', 'bundle.mjs'),
    ]);
    writeStamp({ explorer });
  });
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** `npm start` and `npm test` at the same time: the second waits for the first one's install. */
async function withLock(work) {
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST')
        throw new InstallError(`cannot write in ${root}: ${error.message}`);
    }
    const holder = Number(existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : 0);
    if (holder > 0 && !isRunning(holder)) rmSync(lockFile, { force: true });
    await new Promise((settle) => setTimeout(settle, 200));
  }
  const release = () => rmSync(lockFile, { force: true });
  const interrupted = () => {
    release();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await work();
  } finally {
    release();
  }
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`Node 20 or newer is needed to install; this is ${process.version}.\n`);
  process.exit(1);
}
try {
  await withLock(async () => {
    await install();
    await build();
    await bundleExplorer();
  });
} catch (error) {
  process.stderr.write(`${error instanceof InstallError ? error.message : error.stack}\n`);
  process.exit(1);
}

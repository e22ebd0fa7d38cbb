// A supergraph in a file: however it is replaced, listeners are told once of each new content.
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { openSupergraph } from '@crm-graph/gateway/graph/supergraph/SupergraphSource';
import { eventually, sourceLog } from './sourceLog.ts';

/** Longer than a test: what is seen was seen by the directory's events. */
const never = 600_000;

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crm-graph-supergraph-'));
  file = join(folder, 'supergraph.graphql');
  await writeFile(file, 'first');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const watched = async (pollIntervalMs = never, path = file) => {
  const log = sourceLog();
  const source = await openSupergraph(path, { logger: log, pollIntervalMs });
  const told: string[] = [];
  source.onChange(async (sdl) => {
    told.push(sdl);
  });
  return { source, told, log };
};

test('the content of the file is the supergraph', async () => {
  await using source = await openSupergraph(file, { logger: sourceLog() });
  expect(source.supergraphSdl).toBe('first');
});

test('a file: URL is a path too', async () => {
  await using source = await openSupergraph(pathToFileURL(file).href, { logger: sourceLog() });
  expect(source.supergraphSdl).toBe('first');
});

test('a file that is missing, empty or a directory is refused with its path and the reason', async () => {
  const logger = sourceLog();
  const missing = join(folder, 'other.graphql');
  await expect(openSupergraph(missing, { logger })).rejects.toMatchObject({
    code: 'SUPERGRAPH_UNAVAILABLE',
    message: `The supergraph ${missing} does not exist.`,
  });
  await expect(openSupergraph(folder, { logger })).rejects.toThrow(
    `The supergraph ${folder} is a directory.`,
  );
  await writeFile(file, '\n');
  await expect(openSupergraph(file, { logger })).rejects.toThrow(
    `The supergraph ${file} is empty.`,
  );
});

test('a file that is written in place is seen', async () => {
  const { source, told } = await watched();
  await using _ = source;
  await writeFile(file, 'second');
  await eventually(() => told, ['second']);
  expect(source.supergraphSdl).toBe('second');
});

test('a file that is renamed over is seen, again and again', async () => {
  const { source, told } = await watched();
  await using _ = source;
  const expected: string[] = [];
  for (const content of ['second', 'third', 'fourth']) {
    await writeFile(join(folder, 'new.tmp'), content);
    await rename(join(folder, 'new.tmp'), file);
    expected.push(content);
    await eventually(() => told, expected);
  }
});

test('a file that is removed and made again is seen', async () => {
  const { source, told } = await watched();
  await using _ = source;
  await rm(file);
  await sleep(50);
  await writeFile(file, 'second');
  await eventually(() => told, ['second']);
});

test('a ConfigMap whose link is moved to new data is seen', async () => {
  const mount = join(folder, 'mount');
  await mkdir(join(mount, '..first'), { recursive: true });
  await writeFile(join(mount, '..first', 'supergraph.graphql'), 'first');
  await symlink('..first', join(mount, '..data'));
  await symlink('..data/supergraph.graphql', join(mount, 'supergraph.graphql'));
  const { source, told } = await watched(never, join(mount, 'supergraph.graphql'));
  await using _ = source;

  await mkdir(join(mount, '..second'));
  await writeFile(join(mount, '..second', 'supergraph.graphql'), 'second');
  await symlink('..second', join(mount, '..data_tmp'));
  await rename(join(mount, '..data_tmp'), join(mount, '..data'));
  await rm(join(mount, '..first'), { recursive: true });
  await eventually(() => told, ['second']);
});

test('a file that a link points at in another directory is seen by the poll', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'crm-graph-supergraph-'));
  try {
    await writeFile(join(elsewhere, 'supergraph.graphql'), 'first');
    await rm(file);
    await symlink(join(elsewhere, 'supergraph.graphql'), file);
    const { source, told } = await watched(50);
    await using _ = source;
    await writeFile(join(elsewhere, 'supergraph.graphql'), 'second');
    await eventually(() => told, ['second']);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

test('a file that is written piece by piece is not told of piece by piece', async () => {
  const { source, told } = await watched(20);
  await using _ = source;
  let content = '';
  for (let piece = 0; piece < 20; piece++) {
    content += `piece ${piece}\n`;
    await writeFile(file, content);
    await sleep(20);
  }
  await eventually(() => told.at(-1), content);
  /* One, unless the machine was so busy that a pause looked like the end. */
  expect(told.length).toBeLessThan(5);
});

test('the same content written again tells nobody', async () => {
  const { source, told } = await watched(20);
  await using _ = source;
  await writeFile(file, 'first');
  await writeFile(join(folder, 'another'), 'x');
  await sleep(400);
  expect(told).toEqual([]);
});

test('a change between opening and listening is told', async () => {
  await using source = await openSupergraph(file, { logger: sourceLog(), pollIntervalMs: never });
  await writeFile(file, 'second');
  const told: string[] = [];
  source.onChange(async (sdl) => {
    told.push(sdl);
  });
  await eventually(() => told, ['second']);
});

test('a file that is away is logged once, and its return too', async () => {
  const { source, told, log } = await watched(20);
  await using _ = source;
  await rm(file);
  const away = `warn: the supergraph cannot be read, the old one stays (The supergraph ${file} does not exist.)`;
  await eventually(() => log.lines, [away]);
  await sleep(200);
  expect(log.lines).toEqual([away]);
  expect(source.supergraphSdl).toBe('first');
  await writeFile(file, 'second');
  await eventually(() => told, ['second']);
  expect(log.lines).toEqual([away, 'info: the supergraph can be read again']);
});

test('after its end a source tells nobody', async () => {
  const { source, told } = await watched(20);
  await source[Symbol.asyncDispose]();
  await writeFile(file, 'second');
  await sleep(300);
  expect(told).toEqual([]);
});

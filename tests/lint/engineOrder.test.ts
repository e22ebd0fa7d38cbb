// The engine's folders are its phases: each imports from those before it, as its README says, and no
// files import each other in a circle.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const engine = resolve(__dirname, '../../gateway/src/engine');

/** By file, the files of the engine that it imports: values and types. */
const imports = new Map(
  globSync('**/*.ts', { cwd: engine })
    .sort()
    .map((file) => [file, importedBy(file)] as const),
);

/** In the order of the README; '' are the files beside the folders. */
const order = [...foldersOfReadme(), ''];

function importedBy(file: string): string[] {
  const text = readFileSync(join(engine, file), 'utf8');
  return [...text.matchAll(/\bfrom '(\.[^']*)'/g)].map(([, specifier = '']) =>
    relative(engine, resolve(engine, dirname(file), specifier)),
  );
}

function foldersOfReadme(): string[] {
  const readme = readFileSync(join(engine, 'README.md'), 'utf8');
  const [, list = ''] = /imports only from those before it: ([^.]*)\./.exec(readme) ?? [];
  return [...list.matchAll(/`([a-z]+)\/`/g)].map(([, folder = '']) => folder);
}

const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

/** Files that lead back to where they begin, if there are such. */
const circle = (): string[] | undefined => {
  const free = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (free.has(file)) return undefined;
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    for (const imported of imports.get(file) ?? []) {
      const found = walk(imported, [...path, file]);
      if (found) return found;
    }
    free.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
};

test('what is imported was found', () => {
  expect(imports.get('Engine.ts')).toContain('SupergraphGeneration.ts');
  for (const file of [...imports.values()].flat())
    expect(existsSync(join(engine, file))).toBe(true);
});

test('the README has every folder in its order', () => {
  const folders = new Set([...imports.keys()].map(folderOf));
  expect(new Set(order)).toEqual(folders);
});

test('each folder imports only from those before it', () => {
  const backwards = [...imports].flatMap(([file, imported]) =>
    imported
      .filter((other) => order.indexOf(folderOf(other)) > order.indexOf(folderOf(file)))
      .map((other) => `${file} imports ${other}`),
  );
  expect(backwards).toEqual([]);
});

test('no files import each other in a circle', () => {
  expect(circle()).toBeUndefined();
});

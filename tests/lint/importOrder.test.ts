// Folders are phases: each imports from those before it, as their README says, and no files import each
// other in a circle.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const gateway = resolve(__dirname, '../../gateway');

/** Files with imports between them. */
class Sources {
  /** By file, the files that it imports: values and types. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** In the order of the README; '' are the files beside the folders. */
  readonly order: readonly string[];
  readonly root: string;

  constructor(root: string, readme: string) {
    this.root = root;
    this.imports = new Map(
      globSync('**/*.ts', { cwd: root })
        .sort()
        .map((file) => [file, this.#importedBy(file)] as const),
    );
    const [, list = ''] =
      /imports only from those before it: ([^.]*)\./.exec(readFileSync(readme, 'utf8')) ?? [];
    this.order = [...list.matchAll(/`([a-z]+)\/`/g)].map(([, folder = '']) => folder).concat('');
  }

  get backwards(): string[] {
    /* The configuration's types are anybody's. */
    const placeOf = (file: string): number =>
      file === 'config.ts' ? -1 : this.order.indexOf(folderOf(file));
    return [...this.imports].flatMap(([file, imported]) =>
      imported
        .filter((other) => placeOf(other) > placeOf(file))
        .map((other) => `${file} imports ${other}`),
    );
  }

  /** Files that lead back to where they begin, if there are such. */
  get circle(): string[] | undefined {
    const free = new Set<string>();
    const walk = (file: string, path: readonly string[]): string[] | undefined => {
      if (free.has(file)) return undefined;
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      for (const imported of this.imports.get(file) ?? []) {
        const found = walk(imported, [...path, file]);
        if (found) return found;
      }
      free.add(file);
      return undefined;
    };
    for (const file of this.imports.keys()) {
      const found = walk(file, []);
      if (found) return found;
    }
    return undefined;
  }

  #importedBy(file: string): string[] {
    const text = readFileSync(join(this.root, file), 'utf8');
    return [...text.matchAll(/\bfrom '(\.[^']*)'/g)].map(([, specifier = '']) =>
      relative(this.root, resolve(this.root, dirname(file), specifier)),
    );
  }
}

const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

describe.each([
  ['the engine', new Sources(join(gateway, 'src/engine'), join(gateway, 'src/engine/README.md'))],
  ['the gateway', new Sources(join(gateway, 'src'), join(gateway, 'README.md'))],
])('%s', (_what, sources) => {
  test('what is imported was found', () => {
    const imported = [...sources.imports.values()].flat();
    expect(imported.length).toBeGreaterThan(100);
    for (const file of imported)
      expect([file, existsSync(join(sources.root, file))]).toEqual([file, true]);
  });

  test('the README has every folder in its order', () => {
    expect(new Set(sources.order)).toEqual(new Set([...sources.imports.keys()].map(folderOf)));
  });

  test('each folder imports only from those before it', () => {
    expect(sources.backwards).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    expect(sources.circle).toBeUndefined();
  });
});

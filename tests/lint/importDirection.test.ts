// Which way imports may go (docs: folder map in README) is held by biome.json: each rule is provoked.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

const forbidden: [file: string, specifier: string][] = [
  ['shared/src/a.ts', '@crm-graph/gateway/a'],
  ['shared/src/a.ts', '@crm-graph/shared/a'],
  ['shared/src/graphql/a.ts', '../../../subgraphs/deals/src/Deal.ts'],
  ['shared/src/a.ts', '../../migrations/tenancy.ts'],
  ['gateway/src/a.ts', '@crm-graph/deals/Deal'],
  ['gateway/src/a.ts', '../../subgraphs/deals/src/Deal.ts'],
  ['gateway/src/a.ts', '../../shared/src/config.ts'],
  ['gateway/src/engine/a.ts', '@crm-graph/shared/identity/Identity'],
  ['gateway/src/engine/a.ts', '../config.ts'],
  ['gateway/src/engine/a.ts', '@apollo/server'],
  ['gateway/src/engine/a.ts', 'fastify'],
  ['gateway/src/engine/execute/a.ts', '../../config.ts'],
  ['gateway/src/engine/execute/a.ts', '../../authorization/rules.ts'],
  ['gateway/src/engine/plan/required/a.ts', '../../../config.ts'],
  ['gateway/src/engine/plan/required/a.ts', 'fastify'],
  ['subgraphs/deals/src/a.ts', '@crm-graph/contacts/Contact'],
  ['subgraphs/deals/src/a.ts', '../../contacts/src/Contact.ts'],
  ['subgraphs/tasks/src/a.ts', '../../deals/src/Deal.ts'],
  ['subgraphs/auth/src/a.ts', '../../../gateway/src/config.ts'],
  ['subgraphs/analytics/src/a.ts', '@crm-graph/deals/Deal'],
  ['subgraphs/contacts/src/a.ts', '@crm-graph/migrations/tenancy'],
  ['migrations/deals/1-A.ts', '@crm-graph/shared/config'],
  ['migrations/deals/1-A.ts', 'pg'],
  ['migrations/deals/1-A.ts', '../../subgraphs/deals/src/Deal.ts'],
  ['deploy/local/a.ts', '../../gateway/src/config.ts'],
  ['deploy/local/a.ts', '@crm-graph/deals/Deal'],
  ['shared/src/a.ts', '../../tests/stack.ts'],
  ['deploy/load/a.ts', '../../tests/stack.ts'],
  ['gateway/src/a.ts', './main.ts'],
  ['subgraphs/deals/src/a.ts', './main.ts'],
  ['deploy/load/a.ts', '../local/main.ts'],
];

const allowed: [file: string, specifier: string][] = [
  ['shared/src/graphql/a.ts', '../errors/CrmError.ts'],
  ['shared/src/a.ts', 'fastify'],
  ['gateway/src/a.ts', '@crm-graph/shared/config'],
  ['gateway/src/a.ts', './engine/execute.ts'],
  ['gateway/src/a.ts', '@apollo/server'],
  ['gateway/src/engine/a.ts', './plan/compile.ts'],
  ['gateway/src/engine/execute/a.ts', '../compile.ts'],
  ['gateway/src/engine/execute/a.ts', '../plan/compile.ts'],
  ['gateway/src/engine/plan/required/a.ts', '../../compile/footprint.ts'],
  ['gateway/src/engine/a.ts', '@apollo/query-planner'],
  ['gateway/src/engine/a.ts', 'graphql'],
  ['subgraphs/deals/src/a.ts', '@crm-graph/shared/mutation/mutate'],
  ['subgraphs/deals/src/a.ts', './Contact.ts'],
  ['subgraphs/tasks/src/a.ts', './Deal.ts'],
  ['migrations/deals/1-A.ts', 'typeorm'],
  ['migrations/deals/1-A.ts', '../tenancy.ts'],
  ['migrations/migrate.ts', './dataSources.ts'],
  ['migrations/dataSources.ts', 'node:fs/promises'],
  ['deploy/local/a.ts', '@crm-graph/shared/config'],
  ['deploy/local/a.ts', '../load/demo.ts'],
];

/** Lints one file per case in a folder that has only biome.json; one run for all of them. */
function lint(cases: [file: string, specifier: string][]): Set<number> {
  const folder = mkdtempSync(join(tmpdir(), 'crm-graph-lint-'));
  try {
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    cases.forEach(([file, specifier], index) => {
      const path = join(folder, dirname(file), `case${index}.ts`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `import { x } from '${specifier}';\nx();\n`);
    });
    const { stdout, stderr } = spawnSync(
      join(root, 'node_modules/.bin/biome'),
      ['lint', '--only=style/noRestrictedImports', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    const complaints = `${stdout}${stderr}`.matchAll(
      /case(\d+)\.ts\S* lint\/style\/noRestrictedImports/g,
    );
    return new Set([...complaints].map((match) => Number(match[1])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const complainedAbout = lint([...forbidden, ...allowed]);

test.each(forbidden.map((pair, index) => [...pair, index] as const))(
  '%s may not import %s',
  (_file, _specifier, index) => {
    expect(complainedAbout.has(index)).toBe(true);
  },
);

test.each(allowed.map((pair, index) => [...pair, forbidden.length + index] as const))(
  '%s may import %s',
  (_file, _specifier, index) => {
    expect(complainedAbout.has(index)).toBe(false);
  },
);

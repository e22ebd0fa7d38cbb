// .env.example lists exactly the variables of the configuration schemas, with their defaults.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { localConfig } from '../../deploy/local/config.ts';
import { root } from '../runningStack.ts';

const names = ['auth', 'contacts', 'deals', 'tasks', 'analytics'];

async function processSchemas(): Promise<z.ZodObject[]> {
  const folders = ['gateway', ...names.map((name) => `subgraphs/${name}`)];
  const modules = await Promise.all(
    folders.map((folder) => import(`../../${folder}/src/config.ts`) as Promise<object>),
  );
  return modules.flatMap((module) =>
    Object.values(module).filter((value) => value instanceof z.ZodObject),
  );
}

/** Name and default (empty for none) of every variable in the file. */
function listed(): Map<string, string> {
  const text = readFileSync(join(root, '.env.example'), 'utf8');
  const lines = text.matchAll(/^#([A-Z0-9_]+)=(.*)$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}

test('.env.example lists exactly what the processes and the commands read', async () => {
  const schemas = [localConfig, ...(await processSchemas())];
  const read = new Set(schemas.flatMap((schema) => Object.keys(schema.shape)));
  for (const name of names) read.add(`${name.toUpperCase()}_DATABASE_PASSWORD`);
  expect([...listed().keys()].sort()).toEqual([...read].sort());
});

test('.env.example shows the defaults of the schemas', async () => {
  const variables = listed();
  // A variable of npm start that a process reads, too, is shown as npm start has it.
  const shapes = [...(await processSchemas()), localConfig].map(({ shape }) => shape);
  for (const [name, field] of Object.entries(Object.assign({}, ...shapes))) {
    const parsed = z.safeParse(field as z.ZodType, undefined);
    const value = parsed.success && parsed.data !== undefined ? String(parsed.data) : '';
    expect(`${name}=${variables.get(name)}`).toBe(`${name}=${value}`);
  }
});

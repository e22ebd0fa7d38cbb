// The CRM's own subgraphs without their databases: the SDL of each with generated values, and the
// public key that auth publishes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphDefinition } from './CannedSubgraph.ts';

export const crmSubgraphs = ['auth', 'contacts', 'deals', 'tasks', 'analytics'] as const;

const schemas = join(import.meta.dirname, '../../../schema');

/** Reads the key set from the environment: BENCH_JWKS. */
export const crmGraph = (): Record<string, SubgraphDefinition> =>
  Object.fromEntries(
    crmSubgraphs.map((name) => [
      name,
      {
        sdl: readFileSync(join(schemas, `${name}.graphql`), 'utf8'),
        documents: {
          '/health/ready': { status: 'ready' },
          ...(name === 'auth' && {
            '/.well-known/jwks.json': JSON.parse(process.env.BENCH_JWKS ?? '{"keys":[]}'),
          }),
        },
      },
    ]),
  );

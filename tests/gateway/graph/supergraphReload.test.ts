// A new supergraph reaches a gateway that is serving: nobody notices, except in what the graph offers.
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { graphql } from '../../stack.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';

const operations = [
  '{ me { name } pipelines { id } }',
  'query Tasks { tasks { totalCount nodes { title assignee { name } } } }',
  '{ apiKeys { nodes { id } } me { id } }',
];
const changed = '{ pipelines { id label } }';

describe('a supergraph that changes', () => {
  let folder: string;
  let file: string;
  let original: string;
  let gateway: ObservedGateway;
  let people: Record<MemberRole, Member>;

  const serve = async (sdl: string) => {
    await writeFile(`${file}.new`, sdl);
    await rename(`${file}.new`, file);
  };
  const ask = (query: string, role: MemberRole = 'ADMIN') =>
    graphql(query, {}, { url: gateway.url, token: people[role].token });
  const logged = async (message: string, from: number) => {
    for (;;) {
      const line = gateway.log.slice(from).find((one) => one.message === message);
      if (line) return line;
      await sleep(50);
    }
  };

  beforeAll(async () => {
    people = await organizationWithMembers('Reload');
    folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
    file = join(folder, 'supergraph.graphql');
    original = await readFile('schema/supergraph.graphql', 'utf8');
    await writeFile(file, original);
    gateway = await observedGateway({ SUPERGRAPH: file });
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** `Pipeline.name` by another name: what the deals subgraph does not know it answers with an error. */
  const renamed = () => {
    const type = /type Pipeline\s[^}]*\}/.exec(original)?.[0];
    if (!type) throw new Error('The supergraph has no Pipeline');
    return original.replace(type, type.replace(/\n {2}name: /, '\n  label: '));
  };

  it('is taken up without a failed request, with rules and known operations', async () => {
    const before = new Map<string, string>();
    const body = async (query: string, role: MemberRole) => {
      const { status, data, errors } = await ask(query, role);
      return JSON.stringify({ status, data, errors });
    };
    const roles = ['ADMIN', 'PARTNER'] as const;
    for (const role of roles) {
      for (const query of operations) before.set(role + query, await body(query, role));
    }
    expect((await ask(changed)).errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');

    let isOver = false;
    const callers = roles.flatMap((role) =>
      operations.map(async (query) => {
        for (let asked = 0; ; asked++) {
          expect(await body(query, role)).toBe(before.get(role + query));
          if (isOver) return asked;
        }
      }),
    );
    const from = gateway.log.length;
    await serve(renamed());
    const line = await logged('a new supergraph is served', from);
    expect(line.prepared).toBeGreaterThanOrEqual(operations.length);
    isOver = true;
    for (const asked of await Promise.all(callers)) expect(asked).toBeGreaterThan(0);

    /* Now it is the subgraph that does not know the field. */
    expect((await ask(changed)).status).toBe(200);
    expect((await ask('{ pipelines { name } }')).errors?.[0]?.extensions?.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
  });

  it('is refused when it is invalid, and the one before keeps serving', async () => {
    const from = gateway.log.length;
    await serve(original.replace('type Query', 'type Query @join__type(graph: NOWHERE)'));
    for (;;) {
      const line = gateway.log.slice(from).find(({ level }) => level === 'warn');
      if (line) {
        expect(JSON.stringify(line)).toMatch(/join__type/);
        break;
      }
      await sleep(50);
    }
    const { status, errors } = await ask('{ me { name } }');
    expect([status, errors]).toEqual([200, undefined]);
  });
});

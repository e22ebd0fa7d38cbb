// What one caller brings evicts nothing that others use.
import { Engine } from '@crm-graph/gateway/engine/Engine';
import { composed } from '../composed.ts';

const maxCacheBytes = 16_000_000;

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start({
    supergraphSdl: composed({
      one: 'type Query { me: Person } type Person { id: ID! me: Person }',
    }),
    send: async () => '{"data":{"me":{"id":"1"}}}',
    maxCacheBytes,
    limits: { maxCharacters: 2_000_000, maxRootFields: 1_000, maxAliases: 1_000 },
  });
});
afterEach(() => engine[Symbol.asyncDispose]());

/** Prepared and planned. */
const ask = async (query: string, caller: string): Promise<void> => {
  const operation = engine.prepare({ query, caller });
  const { data } = await operation.execute({
    coerced: operation.coerce({}),
    headers: {},
    identity: caller,
    caller,
    deadline: Date.now() + 20_000,
  });
  expect(data).toBeDefined();
};

const common = '{ me { id } }';

const floods: [what: string, count: number, query: (number: number) => string][] = [
  ['comments of 1 MB', 40, (n) => `# ${n} ${'x'.repeat(1_000_000)}\n{ me { id } }`],
  [
    'large documents',
    45,
    (n) =>
      `{ ${Array.from({ length: 200 }, (_, at) => `a${at}: me`).join('{id} ')} { n${n}: id } }`,
  ],
];

test.each(floods)(
  '%s, which one caller brings, evict only its own',
  async (_what, count, query) => {
    await ask(common, 'quiet');
    for (let number = 0; number < count; number++) {
      await ask(query(number), 'many');
      expect(engine.kept.bytes).toBeLessThan(maxCacheBytes / 7);
    }
    expect(engine.prepared(common, undefined, 'quiet')).toBeDefined();
    expect(engine.prepared(query(count - 1), undefined, 'many')).toBeDefined();
    expect(engine.prepared(query(0), undefined, 'many')).toBeUndefined();
  },
  60_000,
);

test('what two callers use counts to neither', async () => {
  await ask(common, 'many');
  await ask(common, 'quiet');
  const alone = '{ me { alone: id } }';
  await ask(alone, 'many');
  const [[, count, flood] = []] = floods;
  for (let number = 0; number < (count ?? 0); number++) await ask(flood?.(number) ?? '', 'many');
  expect(engine.prepared(common, undefined, 'many')).toBeDefined();
  expect(engine.prepared(alone, undefined, 'many')).toBeUndefined();
}, 60_000);

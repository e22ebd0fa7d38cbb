// __schema and __type as tools ask for them: by fragments, beside other fields, under conditions.

import { readFile } from 'node:fs/promises';
import { Engine } from '@crm-graph/gateway/engine/Engine';
import { getIntrospectionQuery, graphqlSync } from 'graphql';

describe('introspection', () => {
  let engine: Engine;

  beforeAll(async () => {
    const supergraphSdl = await readFile('schema/supergraph.graphql', 'utf8');
    const send = async () => '{"data":{"pipelines":[]}}';
    engine = await Engine.start({ supergraphSdl, send });
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const ask = async (query: string, variables?: Record<string, unknown>) => {
    const prepared = engine.prepare({ query });
    const deadline = Date.now() + 10_000;
    const coerced = prepared.coerce(variables);
    const request = { variables, coerced, headers: {}, identity: '', deadline };
    const result = await prepared.execute(request);
    return JSON.parse(JSON.stringify(result));
  };

  it('answers the query of tools with the whole schema, again and again', async () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true });
    const { data } = JSON.parse(
      JSON.stringify(graphqlSync({ schema: engine.schema, source: query })),
    );
    expect(data.__schema.types.length).toBeGreaterThan(100);
    expect(await ask(query)).toEqual({ data });
    expect(await ask(query)).toEqual({ data });
  });

  it('answers it in fragments on the root, beside fields of subgraphs', async () => {
    const query = `
      query ($name: String!, $with: Boolean!) {
        ...Root
        ... on Query @include(if: $with) { again: __type(name: $name) { ...Named } }
      }
      fragment Root on Query { pipelines { id } __type(name: $name) { ...Named fields { name } } }
      fragment Named on __Type { kind name }
    `;
    const { data } = await ask(query, { name: 'PageInfo', with: true });
    expect(data.pipelines).toEqual([]);
    expect(data.again).toEqual({ kind: 'OBJECT', name: 'PageInfo' });
    expect(data.__type.fields).toContainEqual({ name: 'hasNextPage' });
    expect(Object.keys(data)).toEqual(['pipelines', '__type', 'again']);
    const without = await ask(query, { name: 'Nothing', with: false });
    expect(without).toEqual({ data: { pipelines: [], __type: null } });
  });
});

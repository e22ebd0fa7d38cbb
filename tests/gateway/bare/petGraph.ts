// Two subgraphs on loopback and their supergraph, in which an owner's pets come from the second one.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLSchema, parse } from 'graphql';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n';

const ownersSdl = `${link}
  type Query { owner(id: ID!): Owner, asker: String, slow: String }
  type Mutation { rename(id: ID!, name: String!): Owner }
  type Owner @key(fields: "id") { id: ID! name: String! }`;

/** `extra` fields make another supergraph of it. */
const petsSdl = (extra: string): string => `${link}
  type Owner @key(fields: "id") { id: ID! pets: [Pet!]! ${extra} }
  type Pet { name: String! }`;

interface Owner {
  id: string;
  name: string;
}

export interface PetGraph extends AsyncDisposable {
  /** With further fields of Owner, each a String. */
  supergraph(...extra: string[]): string;
}

const serve = async (schema: GraphQLSchema, rootValue: object) => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { query, variables, operationName } = JSON.parse(Buffer.concat(chunks).toString());
    const result = await execute({
      schema,
      document: parse(query),
      rootValue,
      variableValues: variables,
      operationName,
      contextValue: request.headers,
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/graphql`, close };
};

const owner = ({ id }: { id: string }): Owner => ({ id, name: `Owner ${id}` });

export const petGraph = async (): Promise<PetGraph> => {
  const owners = await serve(
    buildSubgraphSchema({
      typeDefs: parse(ownersSdl),
      resolvers: { Owner: { __resolveReference: owner } },
    }),
    {
      owner,
      rename: ({ id, name }: Owner) => ({ id, name }),
      asker: (_: unknown, headers: Record<string, string>) => headers.authorization ?? 'nobody',
      slow: () => new Promise((resolve) => setTimeout(() => resolve('at last'), 300)),
    },
  );
  const pets = await serve(
    buildSubgraphSchema({
      typeDefs: parse(petsSdl('age: String shoe: String')),
      resolvers: {
        Owner: {
          __resolveReference: ({ id }: Owner) => ({ id }),
          pets: ({ id }: Owner) => [{ name: `Cat of ${id}` }],
          age: () => 'old',
          shoe: () => 'large',
        },
      },
    }),
    {},
  );
  return {
    supergraph(...extra) {
      const fields = extra.map((name) => `${name}: String`).join(' ');
      const { supergraphSdl, errors } = composeServices([
        { name: 'owners', url: owners.url, typeDefs: parse(ownersSdl) },
        { name: 'pets', url: pets.url, typeDefs: parse(petsSdl(fields)) },
      ]);
      if (!supergraphSdl) throw new AggregateError(errors ?? []);
      return supergraphSdl;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([owners.close(), pets.close()]);
    },
  };
};

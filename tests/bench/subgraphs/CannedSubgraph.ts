// A subgraph that answers each request from a map: computed with graphql-js the first time it is
// asked, so that what is measured in front of it is the gateway alone.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, graphql, parse } from 'graphql';
import { generatedValue } from './generatedValues.ts';

type SubgraphModules = Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>;

export interface SubgraphDefinition {
  sdl: string;
  /** For fields whose values are not generated. */
  resolvers?: NonNullable<SubgraphModules['resolvers']>;
  /** JSON by path, for GET. */
  documents?: Readonly<Record<string, unknown>>;
}

interface GraphQLBody {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

export class CannedSubgraph {
  readonly #schema: GraphQLSchema;
  readonly #documents: Readonly<Record<string, unknown>>;
  /** By path and body. */
  readonly #answers = new Map<string, Buffer>();

  constructor({ sdl, resolvers = {}, documents = {} }: SubgraphDefinition) {
    this.#schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers });
    this.#documents = documents;
  }

  /** Listens on a free port of the loopback address; resolves to its base URL. */
  listen(): Promise<string> {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) =>
      this.#serve(request, response),
    );
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      );
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { url: path = '/' } = request;
    if (request.method === 'GET') {
      const document = this.#documents[path];
      send(response, document ? 200 : 404, Buffer.from(JSON.stringify(document ?? null)));
      return;
    }
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', async () => {
      const key = `${path} ${body}`;
      let answer = this.#answers.get(key);
      if (!answer) {
        answer = Buffer.from(JSON.stringify(await this.#compute(JSON.parse(body))));
        this.#answers.set(key, answer);
      }
      send(response, 200, answer);
    });
  }

  #compute({ query, variables, operationName }: GraphQLBody): ReturnType<typeof graphql> {
    return graphql({
      schema: this.#schema,
      source: query,
      variableValues: variables,
      operationName,
      fieldResolver: generatedValue,
    });
  }
}

const send = (response: ServerResponse, status: number, body: Buffer): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
};

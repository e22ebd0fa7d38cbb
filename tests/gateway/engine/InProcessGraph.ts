// The engine over subgraphs in this process: what clients get, and what the subgraphs were asked for it.
import { buildSubgraphSchema } from '@apollo/subgraph';
import { Engine, type EngineOptions } from '@crm-graph/gateway/engine/Engine';
import { execute, type GraphQLSchema, parse, print, validate } from 'graphql';
import { composed, link } from './composed.ts';

/**
 * Sources, representations and arguments are what the test made them. A method's parameters, unlike
 * a function's, may be typed more narrowly.
 */
type Resolver = { resolve(source: unknown, args: unknown): unknown }['resolve'];

export interface InProcessSubgraph {
  sdl: string;
  /** By type and field; an entity without `__resolveReference` is what the representation says. */
  resolvers?: Readonly<Record<string, Readonly<Record<string, Resolver>>>>;
  /** Of queries and mutations. */
  rootValue?: object;
}

export interface Asked {
  subgraph: string;
  /** On one line. */
  query: string;
  representations?: unknown;
}

/** A request as it was sent. */
export interface Sent {
  subgraph: string;
  body: string;
  headers: Readonly<Record<string, string>>;
}

export interface Answer {
  data?: unknown;
  errors?: { message: string; path?: (string | number)[]; extensions?: object }[];
}

interface Body {
  query: string;
  variables?: Record<string, unknown>;
}

export class InProcessGraph implements AsyncDisposable {
  readonly engine: Engine;
  /** Of the subgraphs, by name. */
  readonly schemas: ReadonlyMap<string, GraphQLSchema>;
  /** Since the last `ask` began. */
  readonly sent: Sent[];

  /** Throws with composition's messages when the subgraphs do not fit. */
  static async start(
    subgraphs: Readonly<Record<string, InProcessSubgraph>>,
    options: Omit<EngineOptions, 'supergraphSdl' | 'send'> = {},
  ): Promise<InProcessGraph> {
    const all = Object.entries(subgraphs);
    const schemas = new Map(
      all.map(([name, { sdl, resolvers = {} }]) => [
        name,
        buildSubgraphSchema({ typeDefs: parse(link + sdl), resolvers: { ...resolvers } }),
      ]),
    );
    const sent: Sent[] = [];
    const engine = await Engine.start({
      ...options,
      supergraphSdl: composed(Object.fromEntries(all.map(([name, { sdl }]) => [name, sdl]))),
      send: async ({ name }, { body, headers }) => {
        sent.push({ subgraph: name, body, headers });
        const rootValue = subgraphs[name]?.rootValue;
        return JSON.stringify(await answerOf(schemas.get(name), rootValue, JSON.parse(body)));
      },
    });
    return new InProcessGraph(engine, schemas, sent);
  }

  private constructor(engine: Engine, schemas: ReadonlyMap<string, GraphQLSchema>, sent: Sent[]) {
    this.engine = engine;
    this.schemas = schemas;
    this.sent = sent;
  }

  /** The response as a client gets it. */
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    this.sent.length = 0;
    const operation = await this.engine.prepare({ query });
    const result = await operation.execute({
      variables,
      headers: {},
      identity: 'anybody',
      deadline: Date.now() + 20_000,
    });
    return JSON.parse(JSON.stringify(result));
  }

  /** The requests of the last `ask`, in the order in which they were sent. */
  get asked(): Asked[] {
    return this.sent.map(({ subgraph, body }) => {
      const { query, variables }: Body = JSON.parse(body);
      const representations = variables?.['representations'];
      return {
        subgraph,
        query: print(parse(query)).replaceAll(/\s+/g, ' '),
        ...(representations !== undefined && { representations }),
      };
    });
  }

  /** Their subgraphs. */
  get order(): string[] {
    return this.sent.map(({ subgraph }) => subgraph);
  }

  /** What a subgraph got as representations, of all of these requests. */
  representationsFor(subgraph: string): unknown[] {
    const requests = this.asked.filter((request) => request.subgraph === subgraph);
    return requests.flatMap(({ representations }) => representations ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
  }
}

const answerOf = async (
  schema: GraphQLSchema | undefined,
  rootValue: object | undefined,
  { query, variables = {} }: Body,
): Promise<unknown> => {
  if (!schema) throw new TypeError('There is no such subgraph');
  const document = parse(query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({ schema, document, rootValue, variableValues: variables });
};

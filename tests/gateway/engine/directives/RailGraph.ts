// A railway's subgraphs in this process with the engine over them: what clients get, and what the
// subgraphs were asked for it.
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { Engine } from '@crm-graph/gateway/engine/Engine';
import { execute, type GraphQLSchema, parse, print, validate } from 'graphql';

/**
 * Sources, representations and arguments are what the test made them. A method's parameters, unlike
 * a function's, may be typed more narrowly.
 */
type Resolver = { resolve(source: unknown, args: unknown): unknown }['resolve'];

export interface SubgraphSource {
  sdl: string;
  /** By type and field; an entity without `__resolveReference` is what the representation says. */
  resolvers?: Readonly<Record<string, Readonly<Record<string, Resolver>>>>;
}

export interface Asked {
  subgraph: string;
  /** On one line. */
  query: string;
  representations?: unknown;
}

export interface Answer {
  data?: unknown;
  errors?: { message: string; path?: (string | number)[]; extensions?: object }[];
}

interface Body {
  query: string;
  variables?: Record<string, unknown>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible",
  "@interfaceObject"
])\n`;

export class RailGraph implements AsyncDisposable {
  readonly engine: Engine;
  readonly #asked: Asked[];

  /** Throws with composition's messages when the subgraphs do not fit. */
  static async start(subgraphs: Readonly<Record<string, SubgraphSource>>): Promise<RailGraph> {
    const schemas = new Map(
      Object.entries(subgraphs).map(([name, { sdl, resolvers = {} }]) => [
        name,
        buildSubgraphSchema({ typeDefs: parse(link + sdl), resolvers: { ...resolvers } }),
      ]),
    );
    const asked: Asked[] = [];
    const engine = await Engine.start({
      supergraphSdl: compose(subgraphs),
      send: async ({ name }, { body }) => {
        const request: Body = JSON.parse(body);
        const representations = request.variables?.['representations'];
        asked.push({
          subgraph: name,
          query: print(parse(request.query)).replaceAll(/\s+/g, ' '),
          ...(representations !== undefined && { representations }),
        });
        return JSON.stringify(await answerOf(schemas.get(name), request));
      },
    });
    return new RailGraph(engine, asked);
  }

  private constructor(engine: Engine, asked: Asked[]) {
    this.engine = engine;
    this.#asked = asked;
  }

  /** The response as a client gets it. */
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    this.#asked.length = 0;
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
  get asked(): readonly Asked[] {
    return [...this.#asked];
  }

  /** Their subgraphs. */
  get order(): string[] {
    return this.#asked.map(({ subgraph }) => subgraph);
  }

  /** What a subgraph got as representations, of all requests of the last `ask`. */
  representationsFor(subgraph: string): unknown[] {
    const requests = this.#asked.filter((request) => request.subgraph === subgraph);
    return requests.flatMap(({ representations }) => representations ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
  }
}

const compose = (subgraphs: Readonly<Record<string, SubgraphSource>>): string => {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({
      name,
      url: `http://${name}.test/graphql`,
      typeDefs: parse(link + sdl),
    })),
  );
  if (!supergraphSdl) throw new TypeError(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
};

const answerOf = async (schema: GraphQLSchema | undefined, body: Body): Promise<unknown> => {
  if (!schema) throw new TypeError('There is no such subgraph');
  const document = parse(body.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({ schema, document, variableValues: body.variables ?? {} });
};

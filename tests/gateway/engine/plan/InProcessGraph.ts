// An engine over subgraphs in this process, for values from end to end.
import { buildSubgraphSchema } from '@apollo/subgraph';
import { Engine } from '@crm-graph/gateway/engine/Engine';
import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { composed, link } from './composed.ts';

/** Sources and arguments are what the test made them: not typed. */
type Resolver = (source: never, args: never) => unknown;

export interface InProcessSubgraph {
  sdl: string;
  /** By type and field; `__resolveReference` gets a representation. Without one it is the entity. */
  resolvers?: Readonly<Record<string, Readonly<Record<string, Resolver>>>>;
}

/** Of any source and arguments. */
type Resolvers = Exclude<
  Parameters<typeof buildSubgraphSchema>[0],
  unknown[] | DocumentNode
>['resolvers'];

export interface Answer {
  data: unknown;
  errors?: unknown[];
}

interface Request {
  query: string;
  variables: Record<string, unknown>;
}

export class InProcessGraph implements AsyncDisposable {
  readonly engine: Engine;
  /** Names of the subgraphs that were asked, with what the representations were. */
  readonly asked: { subgraph: string; representations: unknown }[];

  private constructor(engine: Engine, asked: InProcessGraph['asked']) {
    this.engine = engine;
    this.asked = asked;
  }

  static async start(
    subgraphs: Readonly<Record<string, InProcessSubgraph>>,
  ): Promise<InProcessGraph> {
    const sdls = Object.entries(subgraphs).map(([name, { sdl }]) => [name, sdl]);
    const schemas = new Map(
      Object.entries(subgraphs).map(([name, { sdl, resolvers = {} }]) => [
        name,
        buildSubgraphSchema({ typeDefs: parse(link + sdl), resolvers: resolvers as Resolvers }),
      ]),
    );
    const asked: InProcessGraph['asked'] = [];
    const engine = await Engine.start({
      supergraphSdl: composed(Object.fromEntries(sdls)),
      send: async ({ name }, { body }) => {
        const request: Request = JSON.parse(body);
        asked.push({ subgraph: name, representations: request.variables['representations'] });
        return JSON.stringify(await answer(schemas.get(name), request));
      },
    });
    return new InProcessGraph(engine, asked);
  }

  /** The response as a client gets it. */
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const operation = await this.engine.prepare({ query });
    const result = await operation.execute({
      variables,
      headers: {},
      identity: 'anybody',
      deadline: Date.now() + 20_000,
    });
    return JSON.parse(JSON.stringify(result));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
  }
}

const answer = async (schema: GraphQLSchema | undefined, request: Request): Promise<unknown> => {
  if (!schema) throw new TypeError('There is no such subgraph');
  const document = parse(request.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({ schema, document, variableValues: request.variables });
};

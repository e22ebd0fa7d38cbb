// Apollo Server, which sees each operation once: its plugins and its Sandbox belong to the graph. What it has seen is
// executed without it from then on. Reading, admitting and answering are the edge's, so that they are done one way.
import { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloServer, type ApolloServerOptions, HeaderMap } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '@crm-graph/shared/logger';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { AdmittedOperation } from './AdmittedOperation.ts';
import type { GatewayContext } from './GatewayContext.ts';
import type { Graph } from './Graph.ts';

export interface FirstSightOptions {
  graph: Graph;
  gateway: GatewayInterface;
  logger: Logger;
  /** Whether there is a page for browsers. */
  hasPage: boolean;
  /** An error as clients see it. */
  show: (error: GraphQLError) => GraphQLFormattedError;
}

/** What Apollo Server hands from our call to our executor. */
export interface FirstSightContext extends GatewayContext {
  admitted: AdmittedOperation;
}

/** Errors that Apollo Server has seen are as clients see them already. */
export interface SeenResult {
  data?: object | null;
  errors?: readonly (GraphQLError | GraphQLFormattedError)[];
  extensions?: Record<string, unknown>;
}

export class FirstSight implements AsyncDisposable {
  readonly #graph: Graph;
  readonly #apollo: ApolloServer<FirstSightContext>;
  /** Documents on their way through Apollo Server: they are parsed and valid, and it need not do so again. */
  readonly #document: AsyncLocalStorage<DocumentNode>;
  readonly #seen = new WeakSet<PreparedOperation>();

  static async start({
    graph,
    gateway,
    logger,
    hasPage,
    show,
  }: FirstSightOptions): Promise<FirstSight> {
    const document = new AsyncLocalStorage<DocumentNode>();
    const apollo = new ApolloServer<FirstSightContext>({
      gateway,
      logger,
      documentStore: admittedDocuments(document),
      formatError: (formatted, error) => (error instanceof GraphQLError ? show(error) : formatted),
      introspection: true,
      includeStacktraceInErrorResponses: false,
      persistedQueries: false,
      csrfPrevention: false,
      stopOnTerminationSignals: false,
      plugins: [
        hasPage
          ? ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false })
          : ApolloServerPluginLandingPageDisabled(),
      ],
    });
    await apollo.start();
    return new FirstSight(graph, apollo, document);
  }

  private constructor(
    graph: Graph,
    apollo: ApolloServer<FirstSightContext>,
    document: AsyncLocalStorage<DocumentNode>,
  ) {
    this.#graph = graph;
    this.#apollo = apollo;
    this.#document = document;
  }

  /** As the graph executes it. */
  execute(admitted: AdmittedOperation, context: GatewayContext): Promise<SeenResult> {
    const { prepared } = admitted;
    if (this.#seen.has(prepared)) return this.#graph.execute(admitted, context);
    this.#seen.add(prepared);
    return this.#document.run(prepared.operation.document, () =>
      this.#introduce(admitted, context),
    );
  }

  async #introduce(admitted: AdmittedOperation, context: GatewayContext): Promise<SeenResult> {
    const { query, prepared, variables } = admitted;
    const { body } = await this.#apollo.executeOperation(
      {
        query,
        operationName: prepared.name,
        ...(variables && { variables }),
      },
      { contextValue: { ...context, admitted } },
    );
    if (body.kind !== 'single') throw new TypeError('Nothing is answered in parts');
    const { data, errors } = body.singleResult;
    return { ...(data !== undefined && { data }), ...(errors && { errors }) };
  }

  /** The page that a browser is shown at /graphql, HTML. */
  async page(): Promise<string> {
    const { body } = await this.#apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'GET',
        headers: new HeaderMap([['accept', 'text/html']]),
        search: '',
        body: undefined,
      },
      context: () => Promise.reject(new TypeError('A page needs no context')),
    });
    if (body.kind !== 'complete') throw new TypeError('A page is answered whole');
    return body.string;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#apollo.stop();
  }
}

type DocumentStore = NonNullable<ApolloServerOptions<FirstSightContext>['documentStore']>;

const admittedDocuments = (current: AsyncLocalStorage<DocumentNode>): DocumentStore => ({
  get: async () => current.getStore(),
  set: async () => undefined,
  delete: async () => undefined,
});

// One run of a compiled plan. Each fetch starts when those it waits for have ended, whether they
// succeeded or not: what they did not bring is missing, and what needs it has nothing to ask for.
import { GraphQLError } from 'graphql';
import type { Representation } from '../compile/compileRepresentation.ts';
import type { FetchStep } from '../compile/FetchStep.ts';
import type { DataKeys } from '../plan/operation/DataKeys.ts';
import { ownValue } from '../shape/ownValue.ts';
import type { ResponsePath } from '../shape/Path.ts';
import { SubgraphError } from '../transport/SubgraphError.ts';
import type { SendToSubgraph } from '../transport/SubgraphRequest.ts';
import { collectEntities, entityPaths } from './collectEntities.ts';
import type { ExecutionRequest } from './ExecutionRequest.ts';
import { type IsAbstract, merge } from './merge.ts';
import { type PlacedError, responseErrors } from './responseErrors.ts';
import { invalidResponse, readResponse, type SubgraphResponse } from './SubgraphResponse.ts';

export interface ExecutionOptions {
  steps: readonly FetchStep[];
  request: ExecutionRequest;
  /** The request's variables with the operation's defaults. */
  coerced: Readonly<Record<string, unknown>>;
  send: SendToSubgraph;
  /** The response keys at the root that this request's conditions let in. */
  rootKeys: ReadonlySet<string>;
  isAbstract: IsAbstract;
  /** Where keys of the data are not those of the response. */
  dataKeys: DataKeys | undefined;
}

/** What was fetched, before it is shaped. */
export interface Fetched {
  data: object;
  errors: GraphQLError[];
  extensions: Record<string, unknown> | undefined;
}

/** Entities by representation: those at one index of the request are answered together. */
type Targets = readonly (readonly object[])[];

export class Execution implements Fetched {
  readonly data = {};
  readonly errors: GraphQLError[] = [];
  extensions: Record<string, unknown> | undefined;
  readonly #options: ExecutionOptions;
  readonly #waitingFor: number[];
  #running = 0;
  #done: () => void = () => undefined;

  private constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#waitingFor = options.steps.map(({ dependencies }) => dependencies);
  }

  /** Resolves when nothing is left to fetch. Never rejects for what a subgraph does. */
  static async run(options: ExecutionOptions): Promise<Fetched> {
    const execution = new Execution(options);
    await execution.#run();
    return execution;
  }

  #run(): Promise<void> | undefined {
    const { steps } = this.#options;
    for (const step of steps) {
      if (step.dependencies === 0) this.#start(step);
    }
    if (this.#running === 0) return undefined;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  #start(step: FetchStep): void {
    const { coerced } = this.#options;
    if (!step.conditions.every(({ variable, value }) => coerced[variable] === value)) {
      this.#ended(step);
      return;
    }
    if (!step.representation) {
      /* Root fields below the root, as `query` of a payload: nothing to ask where it is null. */
      const isPlaced = step.path.length === 0 || collectEntities(this.data, step.path).length > 0;
      if (isPlaced) this.#fetch(step, undefined, undefined);
      else this.#ended(step);
      return;
    }
    const { targets, representations } = represented(this.data, step.path, step.representation);
    if (targets.length === 0) this.#ended(step);
    else this.#fetch(step, targets, representations);
  }

  #fetch(step: FetchStep, targets: Targets | undefined, representations: string | undefined): void {
    const { request, send } = this.#options;
    const body = `${step.head}${variablesOf(step, request.variables, representations)}}`;
    const { kind } = step;
    const { headers, identity, deadline } = request;
    /* A mutation that has begun is carried through, whether or not its client waits. */
    const signal = kind === 'query' ? request.signal : undefined;
    this.#running++;
    send(step.subgraph, { body, kind, headers, identity, deadline, signal })
      .then((text) => this.#received(step, targets, text))
      .catch((cause: unknown) => this.#failed(step, cause))
      .then(() => {
        this.#running--;
        this.#ended(step);
        if (this.#running === 0) this.#done();
      });
  }

  #ended({ dependents }: FetchStep): void {
    const { steps } = this.#options;
    for (const index of dependents) {
      const left = (this.#waitingFor[index] ?? 0) - 1;
      this.#waitingFor[index] = left;
      const step = steps[index];
      if (left === 0 && step) this.#start(step);
    }
  }

  #received(step: FetchStep, targets: Targets | undefined, text: string): void {
    const response = readResponse(step.subgraph.name, text);
    const { data, errors, extensions } = response;
    this.#options.request.onFetch?.({ subgraph: step.subgraph.name, extensions });
    if (errors && errors.length > 0) this.#report(step, targets, errors);
    if (extensions) this.extensions = { ...this.extensions, ...extensions };
    if (!data) return;
    const { isAbstract } = this.#options;
    if (targets) this.#mergeEntities(step, targets, response);
    else {
      step.rewrite?.(data);
      for (const entity of collectEntities(this.data, step.path)) merge(entity, data, isAbstract);
    }
  }

  #mergeEntities(step: FetchStep, targets: Targets, { data, errors }: SubgraphResponse): void {
    const entities = ownValue(data ?? {}, '_entities');
    if (!Array.isArray(entities) || entities.length !== targets.length) {
      /* `_entities` itself may be null, with an error that says why. */
      if (entities === null && errors && errors.length > 0) return;
      throw invalidResponse(step.subgraph.name, 'one entity per representation was expected');
    }
    const { isAbstract } = this.#options;
    step.rewrite?.(entities);
    for (const [index, entity] of entities.entries()) {
      if (typeof entity !== 'object' || entity === null) continue;
      for (const target of targets[index] ?? []) merge(target, entity, isAbstract);
    }
  }

  #report(
    step: FetchStep,
    targets: Targets | undefined,
    errors: NonNullable<SubgraphResponse['errors']>,
  ): void {
    const { subgraph, path } = step;
    let paths: Map<object, ResponsePath[]> | undefined;
    const pathsOf = (index: number): ResponsePath[] => {
      paths ??= entityPaths(this.data, path);
      const places = paths;
      return [...new Set(targets?.[index])].flatMap((entity) => places.get(entity) ?? []);
    };
    const under =
      path.length === 0 ? undefined : () => [...entityPaths(this.data, path).values()].flat();
    const places = targets ? { pathsOf } : { under };
    for (const error of responseErrors(errors, subgraph.name, places)) {
      this.#addError(step, error);
    }
  }

  /** At every place that is empty now, or, within a list, at the list. */
  #failed(step: FetchStep, cause: unknown): void {
    const { subgraph, path, rootKeys } = step;
    const { message, extensions } =
      cause instanceof SubgraphError ? cause : invalidResponse(subgraph.name, cause);
    const listAt = path.indexOf('@');
    const asked = rootKeys.filter((key) => this.#options.rootKeys.has(this.#clientKey(step, key)));
    const places =
      path.length > 0 ? [listAt < 0 ? path : path.slice(0, listAt)] : asked.map((key) => [key]);
    for (const place of places) this.#addError(step, { message, extensions, path: place }, cause);
  }

  #addError(step: FetchStep, error: PlacedError, cause?: unknown): void {
    const path = error.path?.map((key) =>
      typeof key === 'number' ? key : this.#clientKey(step, key),
    );
    const { message, extensions } = error;
    this.errors.push(
      new GraphQLError(message, {
        extensions,
        ...(path && { path }),
        ...(cause instanceof Error && { originalError: cause }),
      }),
    );
  }

  #clientKey({ renamed }: FetchStep, key: string): string {
    const dataKey = renamed.get(key) ?? key;
    return this.#options.dataKeys?.clientKey(dataKey) ?? dataKey;
  }
}

/** Each entity's representation, every one that differs once. */
const represented = (
  data: object,
  path: readonly string[],
  { identify, write }: Representation,
): { targets: Targets; representations: string } => {
  const byIdentity = new Map<unknown, object[]>();
  let representations = '';
  for (const entity of collectEntities(data, path)) {
    const identity = identify(entity);
    if (identity === undefined) continue;
    const same = byIdentity.get(identity);
    if (same) {
      same.push(entity);
      continue;
    }
    byIdentity.set(identity, [entity]);
    representations += `${representations && ','}${write(entity, identity)}`;
  }
  return { targets: [...byIdentity.values()], representations };
};

/** As the client sent them: what it left out has its default in the fetch's own operation. */
const variablesOf = (
  { variables: names }: FetchStep,
  variables: ExecutionRequest['variables'],
  representations: string | undefined,
): string => {
  let text = representations === undefined ? '' : `"representations":[${representations}]`;
  if (!variables) return `{${text}}`;
  for (const name of names) {
    const value = ownValue(variables, name);
    if (value === undefined) continue;
    text += `${text && ','}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `{${text}}`;
};

// The right response when nothing goes wrong: the operation executed by graphql-js over what all
// subgraphs know, as if they were one server. It knows no plans, so it also tells when the planner,
// which both executors share, is wrong.
import {
  execute,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Executor, Observed, TestOperation } from './Executor.ts';
import { Faults } from './Faults.ts';
import { fieldsOf, requiredBy } from './fieldSets.ts';
import { hideInaccessible } from './hideInaccessible.ts';
import { type ResolvedField, type Run, recordEffect, type TestSubgraph } from './TestSubgraph.ts';
import type { TestSupergraph } from './TestSupergraph.ts';
import type { Source } from './World.ts';

interface Owner {
  subgraph: TestSubgraph;
  /** The type, or the interface that the subgraph has as an object. */
  type: string;
}

export class Truth implements Executor {
  readonly #supergraph: TestSupergraph;
  readonly #schema: GraphQLSchema;
  readonly #owners = new Map<string, Owner>();

  /** `schema`: what clients see. */
  constructor(supergraph: TestSupergraph, schema: GraphQLSchema) {
    this.#supergraph = supergraph;
    this.#schema = schema;
  }

  async execute({ query, variables, operationName }: TestOperation): Promise<Observed> {
    const run: Run = { faults: new Faults(0), effects: [], unmet: new Set() };
    const { data, errors = [] } = await execute({
      schema: this.#schema,
      document: parse(query),
      variableValues: variables,
      operationName: operationName ?? null,
      contextValue: run,
      fieldResolver: this.#resolve,
      typeResolver: ({ __typename }: Source) => __typename,
    });
    return {
      data: data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as object | null),
      errors: errors.map((error) => error.toJSON()),
      effects: run.effects,
      requests: [],
      unmet: run.unmet,
    };
  }

  readonly #resolve: GraphQLFieldResolver<Source | undefined, Run> = (
    source,
    args,
    run,
    { parentType: { name: type }, fieldName: field, returnType },
  ) => {
    if (type === 'Mutation') recordEffect(run, field, args);
    const value = this.#value({ source: source ?? rootOf(type), type, field, args, run });
    return hideInaccessible(this.#schema, returnType, value);
  };

  #value({ source, type, field, args, run }: ResolvedField): unknown {
    const owner = this.#owner(type, field);
    const definition = objectType(owner.subgraph.schema, owner.type).getFields()[field];
    const required = requiredBy(definition?.astNode);
    const given = required && this.#select(source, required, run);
    const asked = { ...source, given: given as Source['given'] };
    const value = owner.subgraph.value({ source: asked, type: owner.type, field, args, run });
    return this.#concrete(value);
  }

  /** What a representation would bring. */
  #select(source: unknown, set: SelectionSetNode, run: Run): unknown {
    if (Array.isArray(source)) return source.map((item) => this.#select(item, set, run));
    if (source === null) return null;
    const { __typename: type } = source as Source;
    const entries = fieldsOf(set).flatMap(({ name, arguments: values = [], selectionSet }) => {
      const field = name.value;
      if (field === '__typename') return [[field, type]];
      if (!objectType(this.#schema, type).getFields()[field]) return [];
      const args = Object.fromEntries(
        values.map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
      );
      const value = this.#value({ source: source as Source, type, field, args, run });
      return [[field, selectionSet ? this.#select(value, selectionSet, run) : value]];
    });
    return Object.fromEntries(entries);
  }

  #concrete(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#concrete(item));
    if (typeof value !== 'object' || value === null || !('identity' in value)) return value;
    return this.#supergraph.world.concrete(value as Source);
  }

  #owner(type: string, field: string): Owner {
    const known = this.#owners.get(`${type}.${field}`);
    if (known) return known;
    const interfaces = objectType(this.#schema, type).getInterfaces();
    for (const name of [type, ...interfaces.map((one) => one.name)]) {
      for (const subgraph of this.#supergraph.subgraphs.values()) {
        const there = subgraph.schema.getType(name);
        const definition = isObjectType(there) && there.getFields()[field];
        if (!definition || hasDirective(definition, 'external')) continue;
        const owner = { subgraph, type: name };
        this.#owners.set(`${type}.${field}`, owner);
        return owner;
      }
    }
    throw new TypeError(`No subgraph answers ${type}.${field}`);
  }
}

const rootOf = (type: string): Source => ({ __typename: type, identity: type });

const objectType = (schema: GraphQLSchema, name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  if (isObjectType(type)) return type;
  throw new TypeError(`${name} is ${isInterfaceType(type) ? 'an interface' : 'no object type'}`);
};

const hasDirective = (
  { astNode }: { astNode?: { directives?: readonly { name: { value: string } }[] } | null },
  name: string,
): boolean => astNode?.directives?.some((directive) => directive.name.value === name) ?? false;

// One subgraph in this process: its schema, and answers as text to requests as text would bring them.
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { canonicalJson } from './canonicalJson.ts';
import type { Faults } from './Faults.ts';
import { FieldError } from './FieldError.ts';
import { fieldsOf, projectFields, requiredBy } from './fieldSets.ts';
import { findEntity } from './findEntity.ts';
import { mockValue } from './mockValue.ts';
import { hash } from './Random.ts';
import { removeMissing } from './removeMissing.ts';
import type { Source, World } from './World.ts';

/** What the subgraphs of one execution share. */
export interface Run {
  faults: Faults;
  /** The mutations' root fields in the order in which they ran. */
  effects: string[];
  /** Fields that were asked for without what they require. */
  unmet: Set<string>;
}

/** In place of a value that is made up. */
export type TestResolver = (run: Run) => unknown;

export interface ResolvedField {
  source: Source;
  type: string;
  field: string;
  args: object;
  run: Run;
}

export interface SubgraphDefinition {
  name: string;
  sdl: string;
  /** By type and field. */
  resolvers?: Readonly<Record<string, Readonly<Record<string, TestResolver>>>>;
}

export interface SubgraphBody {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible",
  "@interfaceObject"
])`;

/** Documents kept parsed: both executors ask the same. */
const maxDocuments = 500;

export class TestSubgraph {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  readonly schema: GraphQLSchema;
  readonly #resolvers: SubgraphDefinition['resolvers'];
  readonly #world: World;
  readonly #documents = new Map<string, DocumentNode>();

  constructor({ name, sdl, resolvers }: SubgraphDefinition, world: World) {
    this.name = name;
    this.typeDefs = parseSubgraph(sdl);
    this.#resolvers = resolvers;
    this.#world = world;
    this.schema = buildSubgraphSchema({ typeDefs: this.typeDefs });
    for (const type of Object.values(this.schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      if (!world.isEntity(type.name)) continue;
      const resolveReference = (given: Record<string, unknown>, run: Run) =>
        this.#resolveReference(type.name, given, run);
      type.extensions = { ...type.extensions, apollo: { subgraph: { resolveReference } } };
    }
  }

  /** The text of a GraphQL response. */
  async execute({ query, variables, operationName }: SubgraphBody, run: Run): Promise<string> {
    const document = this.#document(query);
    if (document instanceof GraphQLError) return JSON.stringify({ errors: [document] });
    const { data, errors } = await execute({
      schema: this.schema,
      document,
      variableValues: variables ?? {},
      operationName: operationName ?? null,
      contextValue: run,
      fieldResolver: this.#resolveField,
      typeResolver: ({ __typename }: Source) => __typename,
    });
    const result = { ...(errors && { errors: errors.map((error) => error.toJSON()) }), data };
    for (const error of result.errors ?? []) removeMissing(data, error);
    return JSON.stringify(result);
  }

  #document(query: string): DocumentNode | GraphQLError {
    const known = this.#documents.get(query);
    if (known) return known;
    const document = parse(query, { noLocation: true });
    const [error] = validate(this.schema, document);
    if (error) return new GraphQLError(`${this.name} finds a query invalid: ${error.message}`);
    const [oldest] = this.#documents.keys();
    if (oldest !== undefined && this.#documents.size >= maxDocuments) {
      this.#documents.delete(oldest);
    }
    this.#documents.set(query, document);
    return document;
  }

  readonly #resolveField: GraphQLFieldResolver<Source | undefined, Run> = (
    object,
    args,
    run,
    info,
  ) => {
    const { parentType, fieldName } = info;
    const source = object ?? { __typename: parentType.name, identity: parentType.name };
    const place = {
      subgraph: this.name,
      type: parentType.name,
      identity: source.identity,
      field: fieldName,
      isKey: this.#world.keyNames.has(fieldName),
    };
    if (parentType.name === 'Mutation') recordEffect(run, fieldName, args);
    const fault = run.faults.field(place);
    if (fault === 'null') return null;
    if (fault === 'error' || fault === 'missing') throw new FieldError(place, fault);
    const value = this.value({ source, type: parentType.name, field: fieldName, args, run });
    if (fault === 'item' && Array.isArray(value) && value.length > 0) {
      value[hash(canonicalJson(place)) % value.length] = new FieldError(place, 'item');
    }
    return value;
  };

  /** What the field is when nothing goes wrong. */
  value({ source, type, field, args, run }: ResolvedField): unknown {
    const own = this.#resolvers?.[type]?.[field];
    if (own) return own(run);
    const definition = (this.schema.getType(type) as GraphQLObjectType).getFields()[field];
    if (!definition) throw new TypeError(`${this.name} has no ${type}.${field}`);
    let seed = `${source.identity}.${field}`;
    if (Object.keys(args).length > 0) seed += `(${canonicalJson(args)})`;
    const required = requiredBy(definition.astNode);
    if (required && !fieldsOf(required).every(({ name }) => name.value in (source.given ?? {}))) {
      run.unmet.add(`${this.name} ${type}.${field} of ${source.identity}`);
    }
    if (required) seed += ` of ${canonicalJson(projectFields(source.given ?? {}, required))}`;
    if (type === 'Mutation') seed += ` #${run.effects.length}`;
    return mockValue({
      schema: this.schema,
      world: this.#world,
      type: definition.type,
      seed,
      isKey: this.#world.keyNames.has(field),
      nullKeys: run.faults.seed !== 0,
    });
  }

  async #resolveReference(
    type: string,
    given: Record<string, unknown>,
    run: Run,
  ): Promise<Source | null> {
    const { schema } = this;
    const nullKeys = run.faults.seed !== 0;
    const found = findEntity({ schema, world: this.#world, type, given, nullKeys });
    if (!found) return null;
    const fault = run.faults.reference(this.name, found.identity);
    if (fault === 'error') {
      throw new FieldError(
        { subgraph: this.name, type, identity: found.identity, field: '__resolveReference' },
        'error',
      );
    }
    return fault === 'null' ? null : { ...found, given };
  }
}

export const recordEffect = ({ effects }: Run, field: string, args: object): void => {
  effects.push(`${field}(${canonicalJson(args)})`);
};

export const parseSubgraph = (sdl: string): DocumentNode => parse(`${link}\n${sdl}`);

// What each field @requires, and by which keys a subgraph finds its entities: the paths of the data that
// representations are made of.
import {
  type DocumentNode,
  doTypesOverlap,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { parseFieldSet } from './fieldSet.ts';
import { joinArguments } from './joinArguments.ts';
import { typesWithFields } from './typesWithFields.ts';

/** A path from the entity on, with dots between its parts. */
export interface RequiredPath {
  /** Of the data. */
  keys: string;
  /** Of the representation. */
  names: string;
  /** Of the entity that requires it. */
  type: string;
}

export interface RequirementsOptions {
  /** The supergraph that plans are made for. */
  document: DocumentNode;
  /** With its types. */
  schema: GraphQLSchema;
  /** The names of join__Graph by those of subgraphs. */
  graphs: ReadonlyMap<string, string>;
  ownNames: ReadonlyMap<string, string>;
}

export class Requirements {
  readonly #schema: GraphQLSchema;
  readonly #graphs: ReadonlyMap<string, string>;
  /** By graph and field. */
  readonly #required = new Map<string, RequiredPath[]>();
  /** By graph. */
  readonly #keys = new Map<string, Set<string>>();
  /** By graph, type and field. */
  readonly #fieldSets = new Map<string, SelectionSetNode>();
  /** By graph and type: the first key, which is one to be found by. */
  readonly #firstKeys = new Map<string, SelectionSetNode>();

  constructor({ document, schema, graphs, ownNames }: RequirementsOptions) {
    this.#schema = schema;
    this.#graphs = graphs;
    for (const [type, { directives = [], fields = [] }] of typesWithFields(document)) {
      for (const { graph, key } of joinArguments('join__type', directives)) {
        if (graph === undefined || key === undefined) continue;
        const fieldSet = parseFieldSet(key);
        const keys = pathsOf(fieldSet);
        const place = `${graph} ${type}`;
        this.#firstKeys.set(place, this.#firstKeys.get(place) ?? fieldSet);
        this.#keys.set(graph, new Set([...(this.#keys.get(graph) ?? []), ...keys]));
      }
      for (const field of fields) {
        for (const { graph, requires } of joinArguments('join__field', field.directives)) {
          if (graph === undefined || requires === undefined) continue;
          const place = `${graph} ${field.name.value}`;
          const fieldSet = parseFieldSet(requires);
          this.#fieldSets.set(`${graph} ${type} ${field.name.value}`, fieldSet);
          const paths = pathsOf(fieldSet).map((keys) => {
            const names = keys.split('.').map((key) => ownNames.get(key) ?? key);
            return { keys, names: names.join('.'), type };
          });
          this.#required.set(place, [...(this.#required.get(place) ?? []), ...paths]);
        }
      }
    }
  }

  /** What a field of a subgraph requires for the objects that are of the type. */
  of(subgraph: string, type: string | undefined, field: string): readonly RequiredPath[] {
    const required = this.#required.get(`${this.#graphs.get(subgraph)} ${field}`) ?? [];
    return required.filter((path) => this.overlap(path.type, type));
  }

  /** What a field of exactly this type requires, as it is written. */
  fieldSet(subgraph: string, type: string, field: string): SelectionSetNode | undefined {
    return this.#fieldSets.get(`${this.#graphs.get(subgraph)} ${type} ${field}`);
  }

  /** A key by which the subgraph finds objects of the type. */
  keyOf(subgraph: string, type: string): SelectionSetNode | undefined {
    return this.#firstKeys.get(`${this.#graphs.get(subgraph)} ${type}`);
  }

  /** Whether a path of the data may be part of a key by which the subgraph finds entities. */
  isKey(subgraph: string, keys: string): boolean {
    return this.#keys.get(this.#graphs.get(subgraph) ?? '')?.has(keys) ?? false;
  }

  /** Whether an object can be of both types; a type that is not told is any. */
  overlap(one: string | undefined, other: string | undefined): boolean {
    if (one === undefined || other === undefined || one === other) return true;
    const a = this.#schema.getType(one);
    const b = this.#schema.getType(other);
    return isCompositeType(a) && isCompositeType(b) && doTypesOverlap(this.#schema, a, b);
  }
}

/** Of the fields of a set, at all depths. */
export const pathsOf = ({ selections }: SelectionSetNode): string[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return pathsOf(selection.selectionSet);
    const key = selection.name.value;
    const inner = selection.selectionSet ? pathsOf(selection.selectionSet) : [];
    return [key, ...inner.map((path) => `${key}.${path}`)];
  });

// Which data each field @requires, by the keys under which plans fetch it.
import {
  type DocumentNode,
  doTypesOverlap,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { parseFieldSet } from './fieldSet.ts';
import { joinFieldsOn } from './joinField.ts';
import { typesWithFields } from './typesWithFields.ts';

interface Requirement {
  type: string;
  /** Keys from the entity on, with dots between them. */
  paths: readonly string[];
}

export class Requirements {
  readonly #schema: GraphQLSchema;
  readonly #graphs: ReadonlyMap<string, string>;
  /** By graph and field. */
  readonly #known = new Map<string, Requirement[]>();

  /**
   * `document` is the supergraph that plans are made for, `schema` has its types, `graphs` the names
   * in join__Graph by those of subgraphs.
   */
  constructor(document: DocumentNode, schema: GraphQLSchema, graphs: ReadonlyMap<string, string>) {
    this.#schema = schema;
    this.#graphs = graphs;
    for (const [type, { fields = [] }] of typesWithFields(document)) {
      for (const field of fields) {
        for (const { graph, requires } of joinFieldsOn(field)) {
          if (requires === undefined) continue;
          const place = `${graph} ${field.name.value}`;
          const known = this.#known.get(place) ?? [];
          known.push({ type, paths: pathsOf(parseFieldSet(requires)) });
          this.#known.set(place, known);
        }
      }
    }
  }

  /** What a field of a subgraph requires for the objects that are of the type. */
  pathsOf(subgraph: string, type: string | undefined, field: string): readonly string[] {
    const known = this.#known.get(`${this.#graphs.get(subgraph)} ${field}`) ?? [];
    return known.filter((one) => this.overlap(one.type, type)).flatMap(({ paths }) => paths);
  }

  /** Whether an object can be of both types; no name is that of any type. */
  overlap(one: string | undefined, other: string | undefined): boolean {
    if (one === undefined || other === undefined || one === other) return true;
    const a = this.#schema.getType(one);
    const b = this.#schema.getType(other);
    return isCompositeType(a) && isCompositeType(b) && doTypesOverlap(this.#schema, a, b);
  }
}

const pathsOf = ({ selections }: SelectionSetNode): string[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return pathsOf(selection.selectionSet);
    const key = selection.name.value;
    const inner = selection.selectionSet ? pathsOf(selection.selectionSet) : [];
    return [key, ...inner.map((path) => `${key}.${path}`)];
  });

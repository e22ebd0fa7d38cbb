// The entities that the subgraphs of one supergraph share: which types they are of, which fields are
// keys, and the few identities each type has. Everything else about them follows from the identity.
import {
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fieldNames, parseFieldSet } from './fieldSets.ts';

/** An object as a subgraph's resolvers see it. */
export interface Source {
  __typename: string;
  /** The same in every subgraph: `Product:3`, or where a value is: `Product:3.size`. */
  identity: string;
  /** What the representation brought, where the object was asked for by one. */
  given?: Readonly<Record<string, unknown>> | undefined;
}

/** Identities per type: few, so that lists hold the same entity more than once. */
export const poolSize = 6;

export class World {
  /** Fields in keys, by their names in any type: faults leave them alone. */
  readonly keyNames = new Set<string>(['__typename']);
  readonly #keys = new Map<string, SelectionSetNode[]>();
  readonly #families: Readonly<Record<string, readonly string[]>>;

  /** `families`: interfaces that are entities, each with its types, which share its identities. */
  constructor(
    schemas: readonly DocumentNode[],
    families: Readonly<Record<string, readonly string[]>> = {},
  ) {
    this.#families = families;
    for (const definition of schemas.flatMap(({ definitions }) => definitions)) {
      if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
      for (const { name, arguments: args = [] } of definition.directives ?? []) {
        const fields = args.find((argument) => argument.name.value === 'fields')?.value;
        if (name.value !== 'key' || fields?.kind !== Kind.STRING) continue;
        const key = parseFieldSet(fields.value);
        this.#keys.set(definition.name.value, [...this.keysOf(definition.name.value), key]);
        for (const field of fieldNames(key)) this.keyNames.add(field);
      }
    }
  }

  isEntity(type: string): boolean {
    return this.#keys.has(type);
  }

  keysOf(type: string): readonly SelectionSetNode[] {
    return this.#keys.get(type) ?? [];
  }

  /** The type's entity of a number; of an interface, the one that has the number. */
  entity(type: string, number: number): Source {
    const types = this.#families[type];
    if (types) {
      return { __typename: types[number % types.length] ?? type, identity: `${type}:${number}` };
    }
    const family = Object.entries(this.#families).find(([, members]) => members.includes(type));
    if (!family) return { __typename: type, identity: `${type}:${number}` };
    const [name, members] = family;
    const own = number - (number % members.length) + members.indexOf(type);
    return { __typename: type, identity: `${name}:${own % poolSize}` };
  }

  /** The same object with the type it is of, where a subgraph knows it by its interface only. */
  concrete(source: Source): Source {
    const types = this.#families[source.__typename];
    if (!types) return source;
    return { ...source, ...this.entity(source.__typename, Number(source.identity.split(':')[1])) };
  }
}

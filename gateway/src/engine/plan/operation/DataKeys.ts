// Under which key a selected field's value is among the fetched data. Usually the client's response
// key; but the planner keeps only one of two selections with one key, and loses the other in silence:
// - a client's `id: name` or `price(currency: EUR)` beside a plan's own `id` or `price`;
// - `reviews(first: 1)` of one type beside `reviews(first: 2)` of another, which GraphQL allows.
// So such selections are planned under keys that occur once. (What @requires selects with arguments has
// such a key already: separateRequired.)
import { type DocumentNode, type FieldNode, Kind, visit } from 'graphql';
import { responseKey, selectedBy } from '../../document/responseKey.ts';
import type { JoinFields } from '../supergraph/joinFields.ts';
import { conflictingKeys } from './conflictingKeys.ts';

export class DataKeys {
  /** By response key and what is selected under it. */
  readonly #renamed: ReadonlyMap<string, string>;
  readonly #clientKeys: ReadonlyMap<string, string>;

  private constructor(
    renamed: ReadonlyMap<string, string>,
    clientKeys: ReadonlyMap<string, string>,
  ) {
    this.#renamed = renamed;
    this.#clientKeys = clientKeys;
  }

  /** Undefined when all keys of the data are those of the response, as they are in most documents. */
  static of(document: DocumentNode, joinFields: JoinFields): DataKeys | undefined {
    const selectedByKey = new Map<string, Set<string>>();
    forEachField(document, (field) => {
      const key = responseKey(field);
      const selected = selectedByKey.get(key) ?? new Set();
      selectedByKey.set(key, selected.add(selectedBy(field)));
    });
    const ambiguous = [...selectedByKey].filter(([, { size }]) => size > 1).map(([key]) => key);
    const conflicting =
      ambiguous.length > 0 ? conflictingKeys(document, ambiguous) : new Set<string>();
    const renamed = new Map<string, string>();
    const clientKeys = new Map(joinFields.ownNames);
    for (const [key, selected] of selectedByKey) {
      for (const one of selected) {
        if (staysUnder(key, one, selected)) continue;
        let number = 0;
        let name = `${key}__${number}`;
        while (selectedByKey.has(name) || clientKeys.has(name)) name = `${key}__${++number}`;
        renamed.set(`${key} ${one}`, name);
        clientKeys.set(name, key);
      }
    }
    return clientKeys.size > 0 ? new DataKeys(renamed, clientKeys) : undefined;

    function staysUnder(key: string, one: string, selected: ReadonlySet<string>): boolean {
      if (joinFields.names.includes(key)) return one === key;
      return !conflicting.has(key) || one === [...selected][0];
    }
  }

  /** The document to be planned: this one, or this one with fields left out. */
  rename(document: DocumentNode): DocumentNode {
    if (this.#renamed.size === 0) return document;
    return visit(document, {
      Field: (field) => {
        if (isIntrospection(field)) return false;
        const value = this.#renamed.get(`${responseKey(field)} ${selectedBy(field)}`);
        if (value === undefined) return undefined;
        return { ...field, alias: { kind: Kind.NAME, value } };
      },
    });
  }

  /** The key of a field's value among the fetched data. */
  keyOf(field: FieldNode): string {
    const key = responseKey(field);
    if (isIntrospection(field)) return key;
    return this.#renamed.get(`${key} ${selectedBy(field)}`) ?? key;
  }

  /**
   * The client's key for a key of the data, as in the path of a subgraph's error: the field's own name
   * where the client did not ask for it.
   */
  clientKey(key: string): string {
    return this.#clientKeys.get(key) ?? key;
  }
}

const isIntrospection = ({ name }: FieldNode): boolean =>
  name.value === '__schema' || name.value === '__type';

/** Introspection is not planned. */
const forEachField = (document: DocumentNode, use: (field: FieldNode) => void): void => {
  visit(document, {
    Field: (field) => {
      if (isIntrospection(field)) return false;
      use(field);
      return undefined;
    },
  });
};

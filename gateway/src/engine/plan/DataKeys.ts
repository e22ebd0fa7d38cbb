// Under which key a selected field's value is among the fetched data. Usually the client's response
// key; but the planner keeps only one of two selections with one key, and loses the other in silence:
// - a client's `id: name` or `comments(limit: 1)` beside a plan's own `id` or `comments(limit: 3)`;
// - `reviews(first: 1)` of one type beside `reviews(first: 2)` of another, which GraphQL allows.
// So such selections are planned under keys that occur once.
import { type DocumentNode, type FieldNode, Kind, visit } from 'graphql';
import { conflictingKeys } from './conflictingKeys.ts';
import type { JoinFields } from './joinFields.ts';
import { responseKey, selectedBy } from './responseKey.ts';

export class DataKeys {
  /** By response key and what is selected under it. */
  readonly #renamed: ReadonlyMap<string, string>;
  readonly #clientKeys: ReadonlyMap<string, string>;

  private constructor(renamed: ReadonlyMap<string, string>, clientKeys: Map<string, string>) {
    this.#renamed = renamed;
    this.#clientKeys = clientKeys;
  }

  /** Undefined when all keys of the document can stay, as they can in most. */
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
    const clientKeys = new Map<string, string>();
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
    return renamed.size > 0 ? new DataKeys(renamed, clientKeys) : undefined;

    function staysUnder(key: string, one: string, selected: ReadonlySet<string>): boolean {
      if (joinFields.withArguments.includes(key)) return false;
      if (joinFields.bare.includes(key)) return one === key;
      return !conflicting.has(key) || one === [...selected][0];
    }
  }

  /** The document to be planned: this one, or this one with fields left out. */
  rename(document: DocumentNode): DocumentNode {
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

  /** The client's key for a key of the data, as in the path of a subgraph's error. */
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

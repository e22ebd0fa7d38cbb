// What a client asks for at one place of the response, as the planner's library reads operations.
import type { FieldSelection, SelectionSet } from '@apollo/federation-internals';

export class AskedPlace {
  /** All of them count; each with types and conditions of its own. */
  readonly selectionSets: readonly SelectionSet[];
  #fields: Map<string, FieldSelection[]> | undefined;

  constructor(selectionSets: readonly SelectionSet[]) {
    this.selectionSets = selectionSets;
  }

  /** The place of a field of this one, whatever types it is asked of. Any field of the key without a name. */
  below(responseKey: string, name?: string): AskedPlace {
    this.#fields ??= this.#byResponseKey();
    const fields = this.#fields.get(responseKey) ?? [];
    const named = fields.filter(({ element }) => name === undefined || element.name === name);
    return new AskedPlace(named.flatMap(({ selectionSet }) => selectionSet ?? []));
  }

  #byResponseKey(): Map<string, FieldSelection[]> {
    const fields = new Map<string, FieldSelection[]>();
    for (const set of this.selectionSets) {
      for (const [key, selections] of set.fieldsByResponseName()) {
        fields.set(key, [...(fields.get(key) ?? []), ...selections]);
      }
    }
    return fields;
  }
}

// Chooses response keys such that every operation is valid: what is selected under one key can always
// be merged (GraphQL specification, 5.3.2). A key stands for one type shape in the whole operation,
// and for one field with its arguments, except on object types that no object has both of.
import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Random } from './Random.ts';

/** Keys that objects inherit, or that look like what plans use. */
const awkward = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '_', 'data', 'item__0'];

export interface Selected {
  parent: GraphQLNamedType;
  name: string;
  /** Printed. */
  args: string;
  type: GraphQLOutputType;
}

export class ResponseKeys {
  readonly #random: Random;
  readonly #taken = new Map<string, (Selected & { shape: string })[]>();
  readonly #risky: boolean;
  #count = 0;

  /** `risky`: aliases may be names of other fields, and differ by type. */
  constructor(random: Random, risky: boolean) {
    this.#random = random;
    this.#risky = risky;
  }

  /** The key for a field: its name where that can be, else an alias. `others`: names of fields. */
  keyFor(selected: Selected, others: readonly string[]): string {
    const random = this.#random;
    const wanted: string[] = [];
    if (random.chance(0.04)) wanted.push(random.pick(awkward));
    if (this.#risky && random.chance(0.15)) wanted.push(random.pick(others));
    if (random.chance(0.08)) wanted.push(`a${random.below(4)}`);
    wanted.push(selected.name);
    const known = [...this.#taken].filter(([key]) => key.startsWith(`${selected.name}_`));
    wanted.push(...known.map(([key]) => key), `${selected.name}_${++this.#count}`);
    const key = wanted.find((one) => this.#fits(one, selected)) ?? `alias_${++this.#count}`;
    const entry = { ...selected, shape: shapeOf(selected.type) };
    this.#taken.set(key, [...(this.#taken.get(key) ?? []), entry]);
    return key;
  }

  #fits(key: string, selected: Selected): boolean {
    const shape = shapeOf(selected.type);
    /* A field's own name stays what it is: plans select it of their own accord. */
    if (!this.#risky && key !== selected.name && !key.startsWith(`${selected.name}_`)) {
      if (this.#taken.get(key)?.some((other) => !isSame(other, selected))) return false;
    }
    return (this.#taken.get(key) ?? []).every(
      (other) =>
        other.shape === shape &&
        (isSame(other, selected) ||
          (this.#risky &&
            isObjectType(other.parent) &&
            isObjectType(selected.parent) &&
            other.parent !== selected.parent)),
    );
  }
}

const isSame = (a: Selected, b: Selected): boolean => a.name === b.name && a.args === b.args;

const shapeOf = (type: GraphQLOutputType): string => {
  if (isNonNullType(type)) return `${shapeOf(type.ofType)}!`;
  if (isListType(type)) return `[${shapeOf(type.ofType)}]`;
  return isCompositeType(type) ? '{}' : type.name;
};

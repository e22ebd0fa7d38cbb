// Values for arguments, as literals and as variables, with everything an input may be: left out, null,
// a default, one item for a list, a variable within a list or an object.
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './Random.ts';

interface Variable {
  name: string;
  type: string;
  /** Printed. */
  defaultValue?: string | undefined;
}

const awkward = ['constructor', 'toString', '__proto__'];

export class ArgumentValues {
  /** To be sent with the operation. */
  readonly values: Record<string, unknown> = {};
  readonly #random: Random;
  readonly #variables: Variable[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** The definitions, printed; empty without any. */
  get definitions(): string {
    if (this.#variables.length === 0) return '';
    const definitions = this.#variables.map(({ name, type, defaultValue }) => {
      const defaulted = defaultValue === undefined ? '' : ` = ${defaultValue}`;
      return `$${name}: ${type}${defaulted}`;
    });
    return `(${definitions.join(', ')})`;
  }

  /** Printed, with parentheses; empty where all are left out. */
  argumentsOf(definitions: readonly GraphQLArgument[]): string {
    const given = definitions
      .filter((one) => isRequiredArgument(one) || this.#random.chance(0.5))
      .map((one) => `${one.name}: ${this.#printed(one, 0)}`);
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  /** The value of a @skip or @include. */
  condition(): string {
    const random = this.#random;
    if (random.chance(0.25)) return String(random.chance(0.5));
    const known = this.#variables.filter(({ name }) => name.startsWith('if'));
    if (known.length > 0 && random.chance(0.5)) return `$${random.pick(known).name}`;
    const name = `if${this.#variables.length}`;
    const withDefault = random.chance(0.4);
    const type = withDefault && random.chance(0.5) ? 'Boolean' : 'Boolean!';
    const defaultValue = withDefault ? String(random.chance(0.5)) : undefined;
    this.#variables.push({ name, type, defaultValue });
    if (!withDefault || random.chance(0.5)) this.#set(name, random.chance(0.5));
    return `$${name}`;
  }

  #printed({ type, defaultValue }: GraphQLArgument | GraphQLInputField, depth: number): string {
    return this.#value(type, depth, defaultValue !== undefined);
  }

  #value(type: GraphQLInputType, depth: number, hasDefault: boolean): string {
    return this.#random.chance(0.35)
      ? this.#variable(type, hasDefault)
      : this.#literal(type, depth);
  }

  #variable(type: GraphQLInputType, hasDefault: boolean): string {
    const random = this.#random;
    const known = this.#variables.filter((one) => one.type === String(type));
    if (known.length > 0 && random.chance(0.3)) return `$${random.pick(known).name}`;
    const number = this.#variables.length;
    const name = random.chance(0.1)
      ? `${random.pick(awkward)}${random.chance(0.5) ? '' : number}`
      : `v${number}`;
    if (this.#variables.some((one) => one.name === name)) return this.#literal(type, 1);
    const nullable = isNonNullType(type) ? type.ofType : type;
    /* A variable that may be null may stand where null may not, if either has a default. */
    const isLoose = !isNonNullType(type) || (random.chance(0.3) && !hasDefault);
    const needsDefault = isNonNullType(type) && isLoose;
    const hasOwnDefault = needsDefault || random.chance(0.3);
    const declared = isLoose && random.chance(0.8) ? nullable : type;
    const isNullable = !isNonNullType(declared);
    const defaultValue = hasOwnDefault
      ? this.#printJson(needsDefault ? this.#present(nullable, 1) : this.#item(declared, 1), type)
      : undefined;
    this.#variables.push({ name, type: String(declared), defaultValue });
    const mayBeOmitted = isNullable || hasOwnDefault;
    if (mayBeOmitted && random.chance(0.35)) return `$${name}`;
    const isNull = isNullable && random.chance(needsDefault ? 0.1 : 0.25);
    this.#set(name, isNull ? null : this.#present(nullable, 0));
    return `$${name}`;
  }

  #literal(type: GraphQLInputType, depth: number): string {
    const random = this.#random;
    if (isNonNullType(type)) return this.#presentLiteral(type.ofType, depth);
    return random.chance(0.08) ? 'null' : this.#presentLiteral(type, depth);
  }

  #presentLiteral(type: GraphQLInputType, depth: number): string {
    const random = this.#random;
    if (isListType(type)) {
      const count = depth > 2 ? 0 : random.below(3);
      if (!isListType(getNullableType(type.ofType)) && random.chance(0.2)) {
        return this.#literal(type.ofType, depth + 1);
      }
      const items = Array.from({ length: count }, () => this.#value(type.ofType, depth + 1, false));
      return `[${items.join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields())
        .filter((field) => isRequiredInputField(field) || (depth < 3 && random.chance(0.5)))
        .map((field) => `${field.name}: ${this.#printed(field, depth + 1)}`);
      return `{${fields.join(', ')}}`;
    }
    return this.#printJson(this.#present(type, depth), type);
  }

  /** A value as it is sent. */
  #item(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return this.#present(type.ofType, depth);
    return this.#random.chance(0.1) ? null : this.#present(type, depth);
  }

  #present(type: GraphQLInputType, depth: number): unknown {
    const random = this.#random;
    if (isNonNullType(type)) return this.#present(type.ofType, depth);
    if (isListType(type)) {
      const { ofType } = type;
      if (!isListType(getNullableType(ofType)) && random.chance(0.2))
        return this.#present(ofType, depth);
      const count = depth > 2 ? 0 : random.below(3);
      return Array.from({ length: count }, () => this.#item(ofType, depth + 1));
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || (depth < 3 && random.chance(0.5)),
      );
      return Object.fromEntries(
        fields.map((field) => [field.name, this.#item(field.type, depth + 1)]),
      );
    }
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    switch (type.name) {
      case 'Int':
        return random.below(100) - 20;
      case 'Float':
        return random.pick([0, 1.5, -3, 1e10, 7]);
      case 'Boolean':
        return random.chance(0.5);
      case 'ID':
        return random.pick(['1', 'Product:1.id', 7, '']);
      case 'JSON':
        return random.pick([1, 'text', [1, { a: null }], { constructor: 1, list: [] }]);
      default:
        return random.pick(['', 'text', 'quoted "text" \\ and ü ☃', '$notAVariable']);
    }
  }

  /** A JSON value as a literal of the type. */
  #printJson(value: unknown, type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.#printJson(value, type.ofType);
    if (Array.isArray(value)) {
      const item = isListType(type) ? type.ofType : type;
      return `[${value.map((one) => this.#printJson(one, item)).join(', ')}]`;
    }
    if (isListType(type) && value !== null) return this.#printJson(value, type.ofType);
    if (typeof value === 'object' && value !== null) {
      const fields = isInputObjectType(type) ? type.getFields() : {};
      const entries = Object.entries(value).map(
        ([key, one]) => `${key}: ${this.#printJson(one, fields[key]?.type ?? type)}`,
      );
      return `{${entries.join(', ')}}`;
    }
    return isEnumType(type) && value !== null ? String(value) : JSON.stringify(value);
  }

  #set(name: string, value: unknown): void {
    Object.defineProperty(this.values, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

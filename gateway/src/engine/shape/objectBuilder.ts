// Makes the function that shapes one selection of one object type. It is generated as source text, so
// that every object of the response is one literal: V8 gives all of them the same hidden class, which
// makes them several times faster to build and to serialize than objects filled key by key. Only keys
// that GraphQL allows as names enter the text, each quoted as JSON.
import { isInheritedKey, ownValue } from '../data/ownValue.ts';
import type { Path } from './Path.ts';
import type { Complete, ShapeState } from './ShapeState.ts';

export interface BuiltField {
  /** The response key. */
  key: string;
  /** The key of its value in the fetched data. */
  dataKey: string;
  /** A value that is the same in every response: a type's name. */
  constant?: string | undefined;
  complete: Complete;
  /** Values of this `typeof` are complete as they are. */
  typeof?: string | undefined;
  /** Null here makes the whole object null. */
  nonNull: boolean;
}

/** Null when a field that may not be null is. `source` must be an object. */
export type BuildObject = (
  source: object,
  path: Path | undefined,
  state: ShapeState,
) => object | null;

export const objectBuilder = (fields: readonly BuiltField[]): BuildObject => {
  const statements = fields.map((field, index) => statement(field, `v${index}`, index));
  const properties = fields.map(({ key, constant }, index) => {
    const value = constant === undefined ? `v${index}` : JSON.stringify(constant);
    /* As a plain key of a literal this one would set the prototype. */
    return key === '__proto__' ? `['__proto__']: ${value}` : `${JSON.stringify(key)}: ${value}`;
  });
  const source = `return function shapeObject(source, path, state) {
${statements.join('\n')}
return { ${properties.join(', ')} };
}`;
  const completes = fields.map(({ complete }) => complete);
  return new Function('ownValue', ...names(fields), source)(ownValue, ...completes) as BuildObject;
};

/** What a builder takes of the memory, with what completes its fields; measured. */
export const builderBytes = (fields: readonly BuiltField[]): number => 1500 + 800 * fields.length;

const names = (fields: readonly BuiltField[]): string[] => fields.map((_, index) => `c${index}`);

const statement = (field: BuiltField, value: string, index: number): string => {
  if (field.constant !== undefined) return '';
  const key = JSON.stringify(field.key);
  const dataKey = JSON.stringify(field.dataKey);
  const read = isInheritedKey(field.dataKey)
    ? `ownValue(source, ${dataKey})`
    : `source[${dataKey}]`;
  const complete = `${value} = c${index}(${value}, { prev: path, key: ${key} }, state);`;
  const completed = field.nonNull ? `${complete} if (${value} === null) return null;` : complete;
  const declared = `let ${value} = ${read};`;
  return field.typeof
    ? `${declared} if (typeof ${value} !== ${JSON.stringify(field.typeof)}) { ${completed} }`
    : `${declared} ${completed}`;
};

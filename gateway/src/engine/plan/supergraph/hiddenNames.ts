// What the supergraph has and its API does not: @inaccessible types and enum values. Data may contain
// them; clients are to see null, not an error about what they are not to know of.
import { isEnumType, type Schema } from '@apollo/federation-internals';

/** `Type` and `Enum.VALUE`. */
export const hiddenNames = (supergraph: Schema, api: Schema): readonly string[] =>
  [...supergraph.types()].flatMap((type) => {
    const visible = api.type(type.name);
    if (!visible) return [type.name];
    if (!isEnumType(type) || !isEnumType(visible)) return [];
    return type.values
      .filter(({ name }) => !visible.value(name))
      .map(({ name }) => `${type.name}.${name}`);
  });

// How selections are told apart: by the key of their result, and by what they select.
import { type FieldNode, print } from 'graphql';

export const responseKey = ({ alias, name }: FieldNode): string => alias?.value ?? name.value;

/** Equal for selections that have one result. A field without arguments is its name. */
export const selectedBy = ({ name, arguments: values = [] }: FieldNode): string =>
  values.length === 0 ? name.value : `${name.value}(${values.map(print).sort().join()})`;

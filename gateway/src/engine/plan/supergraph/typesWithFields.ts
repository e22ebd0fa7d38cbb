// The definitions of a supergraph that have output fields.
import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
} from 'graphql';

export type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** By name. */
export type TypesWithFields = ReadonlyMap<string, TypeWithFields>;

export const hasFields = (definition: DefinitionNode): definition is TypeWithFields =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
  definition.kind === Kind.INTERFACE_TYPE_DEFINITION;

export const typesWithFields = ({ definitions }: DocumentNode): TypesWithFields =>
  new Map(definitions.filter(hasFields).map((type) => [type.name.value, type]));

export const fieldOf = (
  type: TypeWithFields | undefined,
  name: string,
): FieldDefinitionNode | undefined => type?.fields?.find((field) => field.name.value === name);

/** This type and those that share its field with it, as interfaces and their implementations do. */
export const typesSharing = (
  types: TypesWithFields,
  parent: string,
  field: string,
): Set<string> => {
  const found = new Set([parent]);
  for (const name of found) {
    for (const type of types.values()) {
      const other = type.name.value;
      const isRelated = isSubtype(type, name) || isSubtype(types.get(name), other);
      if (isRelated && fieldOf(type, field)) found.add(other);
    }
  }
  return found;
};

const isSubtype = (type: TypeWithFields | undefined, supertype: string): boolean =>
  type?.interfaces?.some(({ name }) => name.value === supertype) ?? false;

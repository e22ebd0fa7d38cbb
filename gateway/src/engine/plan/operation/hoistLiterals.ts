// Keeps from the planner the literals that it cannot cope with: lists take it twice as long per level
// they are nested, and of a custom scalar it makes values of JavaScript, which changes numbers. They are
// planned as variables, and put back into the fetches as they were written.
import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import {
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  parse,
  parseType,
  print,
  stripIgnoredCharacters,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { mapFetches } from '../fetches/mapFetches.ts';

export interface HoistedLiterals {
  /** What is to be planned. */
  document: DocumentNode;
  /** The plan with the literals, and with the defaults of variables as they were written. */
  restore: (plan: QueryPlan) => QueryPlan;
}

/** The document, of one operation, is valid for the schema. */
export const hoistLiterals = (schema: GraphQLSchema, document: DocumentNode): HoistedLiterals => {
  const declared = new Map<string, VariableDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const one of definition.variableDefinitions ?? [])
      declared.set(one.variable.name.value, one);
  }
  const literals = new Map<string, Literal>();
  const names = new Map<string, string>();
  const nameOf = (value: ValueNode, type: GraphQLInputType): string => {
    const key = `${type} ${canonical(value)}`;
    const known = names.get(key);
    if (known) return known;
    let name = `literal${names.size}`;
    while (declared.has(name)) name = `_${name}`;
    names.set(key, name);
    literals.set(name, { value, type });
    return name;
  };

  const types = new TypeInfo(schema);
  const hoisted = visit(
    document,
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Directive: () => false,
      Argument: (argument) => {
        const type = types.getInputType();
        if (!type || !isToBeHoisted(argument.value, type)) return false;
        return { ...argument, value: variable(nameOf(argument.value, type)) };
      },
    }),
  );
  const hasDefaults = [...declared.values()].some(({ defaultValue }) => defaultValue);
  if (literals.size === 0 && !hasDefaults) return { document, restore: (plan) => plan };
  const restored = withLiterals(literals, declared);
  return {
    document: literals.size > 0 ? withDefinitions(hoisted, literals) : document,
    restore: (plan) => mapFetches(plan, (fetch) => [restored(fetch)]),
  };
};

interface Literal {
  value: ValueNode;
  type: GraphQLInputType;
}

const isToBeHoisted = ({ kind }: ValueNode, type: GraphQLInputType): boolean => {
  if (kind === Kind.LIST || kind === Kind.OBJECT) return true;
  if (kind === Kind.VARIABLE || kind === Kind.NULL || kind === Kind.BOOLEAN) return false;
  const named = getNamedType(type);
  return isScalarType(named) && !isSpecifiedScalarType(named);
};

/** One text for literals that are the same to GraphQL: input fields have no order. */
const canonical = (value: ValueNode): string => {
  if (value.kind === Kind.LIST) return `[${value.values.map(canonical).join()}]`;
  if (value.kind !== Kind.OBJECT) return print(value);
  return `{${value.fields
    .map((field) => `${field.name.value}:${canonical(field.value)}`)
    .sort()
    .join()}}`;
};

const variable = (value: string): VariableNode => ({
  kind: Kind.VARIABLE,
  name: { kind: Kind.NAME, value },
});

const withDefinitions = (
  document: DocumentNode,
  literals: ReadonlyMap<string, Literal>,
): DocumentNode => {
  const added = [...literals].map(
    ([name, { type }]): VariableDefinitionNode => ({
      kind: Kind.VARIABLE_DEFINITION,
      variable: variable(name),
      type: parseType(String(type), { noLocation: true }),
    }),
  );
  return mapOperations(document, (operation) => ({
    ...operation,
    variableDefinitions: [...(operation.variableDefinitions ?? []), ...added],
  }));
};

const withLiterals =
  (literals: ReadonlyMap<string, Literal>, declared: ReadonlyMap<string, VariableDefinitionNode>) =>
  (fetch: FetchNode): FetchNode => {
    if (
      !fetch.variableUsages?.some((name) => literals.has(name) || declared.get(name)?.defaultValue)
    ) {
      return fetch;
    }
    const document = visit(parse(fetch.operation, { noLocation: true }), {
      VariableDefinition: () => false,
      Variable: ({ name }) => literals.get(name.value)?.value,
    });
    const used = variablesIn(document);
    const restored = mapOperations(document, (operation) => {
      /* Those that are not the client's are the planner's own: representations. */
      const own = (operation.variableDefinitions ?? []).filter(({ variable: { name } }) => {
        return !literals.has(name.value) && !declared.has(name.value);
      });
      const clients = [...declared].flatMap(([name, { variable, type, defaultValue }]) =>
        used.has(name)
          ? [{ kind: Kind.VARIABLE_DEFINITION as const, variable, type, defaultValue }]
          : [],
      );
      return { ...operation, variableDefinitions: [...own, ...clients] };
    });
    return {
      ...fetch,
      operation: stripIgnoredCharacters(print(restored)),
      variableUsages: [...declared.keys()].filter((name) => used.has(name)),
    };
  };

const variablesIn = (node: ASTNode): ReadonlySet<string> => {
  const names = new Set<string>();
  visit(node, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void names.add(name.value),
  });
  return names;
};

const mapOperations = (
  document: DocumentNode,
  change: (operation: OperationDefinitionNode) => OperationDefinitionNode,
): DocumentNode => ({
  ...document,
  definitions: document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? change(definition) : definition,
  ),
});

// Reads @cost and @listSize out of a supergraph, under the names that its schema links them by (link specification,
// 6.1): neither the planner nor the API's schema has them.
import {
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ValueNode,
} from 'graphql';
import type { CostDirectives, ListSize } from '../../cost/CostDirectives.ts';

const costUrl = /\/cost\/v0\.\d+\/?$/;

interface Names {
  cost: string;
  listSize: string;
}

const none: CostDirectives = { weights: {}, lists: {} };

export const costDirectives = ({ definitions }: DocumentNode): CostDirectives => {
  const names = linkedNames(definitions);
  if (!names) return none;
  const weights: Record<string, number> = {};
  const lists: Record<string, ListSize> = {};
  for (const definition of definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const type = definition.name.value;
    const weigh = (coordinate: string, directives: Directives): void => {
      const weight = argumentOf(directives, names.cost, 'weight');
      if (weight?.kind === Kind.INT) weights[coordinate] = Number(weight.value);
    };
    if ('directives' in definition) weigh(type, definition.directives);
    for (const field of fieldsOf(definition)) {
      const coordinate = `${type}.${field.name.value}`;
      weigh(coordinate, field.directives);
      for (const { name, directives } of field.arguments ?? []) {
        weigh(`${coordinate}(${name.value}:)`, directives);
      }
      const list = listSizeOf(field.directives, names.listSize);
      if (list) lists[coordinate] = list;
    }
  }
  return { weights, lists };
};

type Directives = readonly DirectiveNode[] | undefined;

const fieldsOf = (definition: DefinitionNode): readonly FieldDefinitionNode[] =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
  definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? (definition.fields ?? [])
    : [];

const listSizeOf = (directives: Directives, name: string): ListSize | undefined => {
  if (!directives?.some((directive) => directive.name.value === name)) return undefined;
  const assumed = argumentOf(directives, name, 'assumedSize');
  return {
    assumedSize: assumed?.kind === Kind.INT ? Number(assumed.value) : undefined,
    slicingArguments: textsOf(argumentOf(directives, name, 'slicingArguments')),
    sizedFields: textsOf(argumentOf(directives, name, 'sizedFields')),
  };
};

/** By the default names of the specification, the directive `cost` keeps its own, others get its prefix. */
const linkedNames = (definitions: readonly DefinitionNode[]): Names | undefined => {
  const links = definitions
    .filter(
      (definition) =>
        definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION,
    )
    .flatMap(({ directives = [] }) => directives)
    .filter(({ name }) => name.value === 'link');
  const link = links.find((one) => {
    const url = argumentOf([one], 'link', 'url');
    return url?.kind === Kind.STRING && costUrl.test(url.value);
  });
  if (!link) return undefined;
  const prefix = textsOf(argumentOf([link], 'link', 'as'))[0] ?? 'cost';
  const imports = importsOf(argumentOf([link], 'link', 'import'));
  return {
    cost: imports.get('@cost') ?? prefix,
    listSize: imports.get('@listSize') ?? `${prefix}__listSize`,
  };
};

/** By the specification's name, the schema's own, without its @. */
const importsOf = (value: ValueNode | undefined): ReadonlyMap<string, string> => {
  const items = value?.kind === Kind.LIST ? value.values : [];
  return new Map(
    items.flatMap((item): [string, string][] => {
      if (item.kind === Kind.STRING) return [[item.value, item.value.slice(1)]];
      if (item.kind !== Kind.OBJECT) return [];
      const part = (name: string) =>
        textsOf(item.fields.find((field) => field.name.value === name)?.value)[0];
      const name = part('name');
      return name ? [[name, (part('as') ?? name).slice(1)]] : [];
    }),
  );
};

const argumentOf = (
  directives: Directives,
  directive: string,
  argument: string,
): ValueNode | undefined =>
  directives
    ?.find(({ name }) => name.value === directive)
    ?.arguments?.find(({ name }) => name.value === argument)?.value;

const textsOf = (value: ValueNode | undefined): readonly string[] => {
  if (value?.kind === Kind.STRING) return [value.value];
  return value?.kind === Kind.LIST ? value.values.flatMap(textsOf) : [];
};

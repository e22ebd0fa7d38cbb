// Reads @cost and @listSize out of a supergraph, under whatever names it links them.
import type { Schema } from '@apollo/federation-internals';
import { type DirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';
import type { CostDirectives, ListSize } from '../../cost/CostDirectives.ts';

const costIdentity = 'https://specs.apollo.dev/cost';

/** `document` is that of the supergraph. */
export const costDirectives = (supergraph: Schema, document: DocumentNode): CostDirectives => {
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const feature = supergraph.coreFeatures?.getByIdentity(costIdentity);
  if (!feature) return { weights, listSizes };
  const costName = feature.directiveNameInSchema('cost');
  const listSizeName = feature.directiveNameInSchema('listSize');

  const readWeight = ({ directives }: Annotated, coordinate: string): void => {
    const { weight } = argumentsOf(directives, costName) ?? {};
    if (typeof weight === 'number') weights.set(coordinate, weight);
  };
  const readListSize = ({ directives }: Annotated, coordinate: string): void => {
    const given = argumentsOf(directives, listSizeName);
    if (!given) return;
    const { assumedSize, slicingArguments, sizedFields } = given;
    listSizes.set(coordinate, {
      assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
      slicingArguments: names(slicingArguments),
      sizedFields: names(sizedFields),
    });
  };

  for (const definition of document.definitions) {
    if (!('name' in definition) || definition.name === undefined) continue;
    const type = definition.name.value;
    if ('directives' in definition) readWeight(definition, type);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      readWeight(field, coordinate);
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      readListSize(field, coordinate);
      for (const argument of field.arguments ?? []) {
        readWeight(argument, `${coordinate}(${argument.name.value}:)`);
      }
    }
  }
  return { weights, listSizes };
};

interface Annotated {
  directives?: readonly DirectiveNode[] | undefined;
}

const argumentsOf = (
  directives: readonly DirectiveNode[] = [],
  wanted: string,
): Record<string, unknown> | undefined => {
  const directive = directives.find(({ name }) => name.value === wanted);
  return (
    directive &&
    Object.fromEntries(
      (directive.arguments ?? []).map(({ name, value }) => [
        name.value,
        valueFromASTUntyped(value),
      ]),
    )
  );
};

const names = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

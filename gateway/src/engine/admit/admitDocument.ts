// Whether a document is small enough to be validated: counted in one pass, each fragment once, before
// any rule that takes more than linear time sees it.
import { type DefinitionNode, type DocumentNode, Kind } from 'graphql';
import { fragmentsOf } from '../document/fragments.ts';
import { countOverlaps } from './countOverlaps.ts';
import type { DocumentLimits } from './DocumentLimits.ts';
import { type Executable, Measure } from './Measure.ts';
import { type DocumentLimit, tooLarge } from './tooLarge.ts';

/**
 * The document may be invalid in other ways. Throws OperationError: OPERATION_TOO_LARGE, or
 * GRAPHQL_VALIDATION_FAILED where a fragment contains itself.
 */
export const admitDocument = (document: DocumentNode, limits: DocumentLimits): void => {
  const check = (limit: DocumentLimit, found: number): void => {
    if (found > limits[limit]) throw tooLarge(limit, found, limits[limit]);
  };
  check('maxDefinitions', document.definitions.length);
  const fragments = fragmentsOf(document);
  const measure = new Measure(fragments, check, limits.maxNesting);
  const executable = document.definitions.filter(isExecutable);
  const operations = executable.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);

  const measured: Executable[] = [];
  let fields = 0;
  const add = (definition: Executable): void => {
    const size = measure.definition(definition);
    check('maxDepth', size.depth);
    check('maxAliases', size.aliases);
    if (definition.kind === Kind.OPERATION_DEFINITION) check('maxRootFields', size.own);
    fields += size.fields;
    measured.push(definition);
  };
  operations.forEach(add);
  /* What no operation spreads is invalid; but the rule that says so comes after those that suffer. */
  for (const definition of executable) {
    if (!operations.includes(definition) && !measure.hasMet(definition)) add(definition);
  }
  check('maxFields', fields);
  check('maxDirectives', measure.directives);
  check('maxSchemas', measure.schemas.size);
  check('maxTypes', measure.types.size);

  let overlaps = 0;
  for (const { selectionSet } of measured) {
    overlaps += countOverlaps(selectionSet, fragments, limits.maxOverlaps);
    check('maxOverlaps', overlaps);
  }
};

const isExecutable = (definition: DefinitionNode): definition is Executable =>
  'selectionSet' in definition;

// Makes an operation that shows a difference smaller, as long as it still shows it: for people to read.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  type SelectionNode,
  validate,
  visit,
} from 'graphql';
import type { TestOperation } from './Executor.ts';

/** Attempts; each runs the operation. */
const maxAttempts = 600;

export const shrinkOperation = async (
  schema: GraphQLSchema,
  operation: TestOperation,
  stillDiffers: (smaller: TestOperation) => Promise<boolean>,
): Promise<TestOperation> => {
  let smallest = operation;
  let attempts = 0;
  let progress = true;
  while (progress && attempts < maxAttempts) {
    progress = false;
    for (let index = 0; attempts < maxAttempts; ) {
      const candidate = smallerBy(smallest, index);
      if (!candidate) break;
      const isValid =
        candidate.query !== smallest.query && validate(schema, parse(candidate.query)).length === 0;
      if (isValid) attempts++;
      if (isValid && (await stillDiffers(candidate))) {
        smallest = candidate;
        progress = true;
      } else index++;
    }
  }
  return smallest;
};

/** Without the selection, directive, argument or fragment of that number; undefined past the last. */
const smallerBy = (operation: TestOperation, index: number): TestOperation | undefined => {
  const document = parse(operation.query, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  let count = -1;
  const isIt = (): boolean => ++count === index;
  const changed = visit(document, {
    SelectionSet: {
      enter: (set) => {
        for (const [at, selection] of set.selections.entries()) {
          if (set.selections.length > 1 && isIt()) {
            return { ...set, selections: set.selections.filter((_, other) => other !== at) };
          }
          const inner = selectionsWithin(selection, fragments);
          if (!inner || !isIt()) continue;
          return { ...set, selections: set.selections.toSpliced(at, 1, ...inner) };
        }
        return undefined;
      },
    },
    Directive: () => (isIt() ? null : undefined),
    Argument: () => (isIt() ? null : undefined),
    ObjectField: () => (isIt() ? null : undefined),
    Field: (field) => (field.alias && isIt() ? withoutAlias(field) : undefined),
  });
  return count < index ? undefined : withoutUnused(changed, operation);
};

/** Of a fragment, to be put in its place. */
const selectionsWithin = (
  selection: SelectionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly SelectionNode[] | undefined => {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet.selections;
  if (selection.kind === Kind.FIELD) return undefined;
  const definition = fragments.get(selection.name.value);
  if (!definition) return undefined;
  const { typeCondition, selectionSet } = definition;
  return [
    {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition,
      selectionSet,
      directives: selection.directives ?? [],
    },
  ];
};

const withoutAlias = ({ alias: _, ...field }: FieldNode): FieldNode => field;

/** Drops fragments, variables and operations that nothing uses any more. */
const withoutUnused = (
  document: DocumentNode,
  { variables, operationName }: TestOperation,
): TestOperation => {
  const spread = new Set<string>();
  const used = new Set<string>();
  const definitions = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      definitions.set(definition.name.value, definition);
    }
  }
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('The operation is first');
  const use = (node: Parameters<typeof visit>[0]): void => {
    visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => {
        used.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const definition = definitions.get(name.value);
        if (!definition || spread.has(name.value)) return;
        spread.add(name.value);
        use(definition);
      },
    });
  };
  use(operation);
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const kept = [...spread].flatMap((name) => definitions.get(name) ?? []);
  const query = print({
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, variableDefinitions }, ...kept],
  });
  const sent = Object.entries(variables).filter(([name]) => used.has(name));
  return { query, variables: Object.fromEntries(sent), operationName };
};

// How large the operations of a document are. Each fragment is measured once, so that a document that
// doubles at every step costs nothing; how deep it may lead is checked on the way down, since this
// recurses, too.
import {
  type DefinitionNode,
  type DirectiveNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { Fragments } from '../document/fragments.ts';
import { responseKey } from '../document/responseKey.ts';
import { OperationError } from './OperationError.ts';
import type { DocumentLimit } from './tooLarge.ts';

export type Executable = Extract<DefinitionNode, { selectionSet: unknown }>;

export interface Size {
  /** Fields, at any depth. */
  fields: number;
  /** Fields of the set itself. */
  own: number;
  /** Levels of fields, with those of the literals in their arguments. */
  depth: number;
  /** Levels of selection sets. */
  levels: number;
  aliases: number;
}

/** Throws when what was found is beyond the limit. */
export type CheckLimit = (limit: DocumentLimit, found: number) => void;

export class Measure {
  /** As written, of what was measured. */
  directives = 0;
  /** Response keys of `__schema` and of `__type`: what is under one key is one field. */
  readonly schemas = new Set<string>();
  readonly types = new Set<string>();
  readonly #fragments: Fragments;
  readonly #check: CheckLimit;
  readonly #maxNesting: number;
  readonly #measured = new Map<FragmentDefinitionNode, Size>();
  /** Being measured, the outermost first. */
  readonly #open = new Set<FragmentDefinitionNode>();

  constructor(fragments: Fragments, check: CheckLimit, maxNesting: number) {
    this.#fragments = fragments;
    this.#check = check;
    this.#maxNesting = maxNesting;
  }

  definition(definition: Executable): Size {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) return this.#fragment(definition, 0);
    const variables = definition.variableDefinitions ?? [];
    this.#check('maxVariables', variables.length);
    for (const { defaultValue, directives } of variables) {
      if (defaultValue) this.#literalDepth(defaultValue);
      this.#readDirectives(directives);
    }
    this.#readDirectives(definition.directives);
    return this.#set(definition.selectionSet, 0);
  }

  /** Whether this fragment was spread by something that was measured. */
  hasMet(definition: Executable): boolean {
    return definition.kind === Kind.FRAGMENT_DEFINITION && this.#measured.has(definition);
  }

  #set({ selections }: SelectionSetNode, level: number): Size {
    this.#check('maxNesting', level);
    const total = { ...nothing };
    for (const selection of selections) {
      this.#readDirectives(selection.directives);
      if (selection.kind === Kind.FIELD) this.#addField(total, selection, level);
      else add(total, this.#below(selection, level), 0);
    }
    total.levels += 1;
    this.#check('maxNesting', level + total.levels - 1);
    this.#check('maxFieldsPerSet', total.own);
    return total;
  }

  #addField(total: Size, field: SelectionNode & { kind: Kind.FIELD }, level: number): void {
    const { name, alias, arguments: values = [], selectionSet } = field;
    const size = selectionSet ? this.#set(selectionSet, level + 1) : nothing;
    add(total, { ...size, own: 0 }, 1);
    total.own += 1;
    total.fields += 1;
    if (alias) total.aliases += 1;
    const key = responseKey(field);
    if (name.value === '__schema') this.schemas.add(key);
    if (name.value === '__type') this.types.add(key);
    for (const { value } of values) {
      total.depth = Math.max(total.depth, 1 + this.#literalDepth(value));
    }
  }

  #below(selection: Exclude<SelectionNode, { kind: Kind.FIELD }>, level: number): Size {
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return this.#set(selection.selectionSet, level + 1);
    const fragment = this.#fragments.get(selection.name.value);
    if (!fragment) return nothing;
    if (this.#open.has(fragment)) throw cycle(selection, [...this.#open]);
    return this.#fragment(fragment, level + 1);
  }

  #fragment(fragment: FragmentDefinitionNode, level: number): Size {
    const known = this.#measured.get(fragment);
    if (known) {
      this.#check('maxNesting', level + known.levels);
      return known;
    }
    this.#open.add(fragment);
    this.#readDirectives(fragment.directives);
    const size = this.#set(fragment.selectionSet, level);
    this.#open.delete(fragment);
    this.#measured.set(fragment, size);
    return size;
  }

  #readDirectives(directives: readonly DirectiveNode[] = []): void {
    this.directives += directives.length;
    for (const { arguments: values = [] } of directives) {
      for (const { value } of values) this.#literalDepth(value);
    }
  }

  #literalDepth(value: ValueNode): number {
    const depth = literalDepth(value, this.#maxNesting);
    this.#check('maxLiteralDepth', depth);
    return depth;
  }
}

/** Specification, 5.5.2.2: checked here, since what contains itself has no size. */
const cycle = (
  spread: FragmentSpreadNode,
  open: readonly FragmentDefinitionNode[],
): OperationError => {
  const names = open.map(({ name }) => name.value);
  const via = names.slice(names.indexOf(spread.name.value) + 1).map((name) => `"${name}"`);
  const way = via.length > 0 ? ` via ${via.join(', ')}` : '';
  const message = `Cannot spread fragment "${spread.name.value}" within itself${way}.`;
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
  return new OperationError([new GraphQLError(message, { nodes: [spread], extensions })]);
};

const add = (total: Size, size: Size, level: number): void => {
  total.fields += size.fields;
  total.own += size.own;
  total.depth = Math.max(total.depth, size.depth + level);
  total.levels = Math.max(total.levels, size.levels);
  total.aliases += size.aliases;
};

/** Lists and objects within one another; no further down than `most` + 1. */
const literalDepth = (value: ValueNode, most: number): number => {
  const values =
    value.kind === Kind.LIST
      ? value.values
      : value.kind === Kind.OBJECT
        ? value.fields.map((field) => field.value)
        : undefined;
  if (!values) return 0;
  if (most === 0) return 1;
  return 1 + values.reduce((deepest, one) => Math.max(deepest, literalDepth(one, most - 1)), 0);
};

const nothing: Readonly<Size> = {
  fields: 0,
  own: 0,
  depth: 0,
  levels: 0,
  aliases: 0,
};

// What a fetch reads and writes in the response, as paths of response keys without list indexes. Two
// fetches that touch nothing of each other's need not wait for each other, whatever order the plan
// has them in.
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, type SelectionSetNode } from 'graphql';

export interface Footprint {
  reads: ReadonlySet<string>;
  writes: ReadonlySet<string>;
  /** Response keys filled at the root. */
  rootKeys: readonly string[];
}

export const footprint = (fetch: FetchNode, path: readonly string[]): Footprint => {
  const keys = path.filter((key) => key !== '@');
  const [definition] = parse(fetch.operation, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) {
    throw new TypeError(`A plan fetches by one operation, not by: ${fetch.operation}`);
  }
  const reads = new Set(keys.map((_, index) => keys.slice(0, index + 1).join('.')));
  if (fetch.requires) required(fetch.requires, keys, reads);
  const writes = new Set<string>();
  written(definition.selectionSet, keys, writes);
  for (const rewrite of fetch.outputRewrites ?? []) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const parents = rewrite.path.slice(0, -1).filter((part) => !part.startsWith('... on '));
    writes.add([...keys, ...parents, rewrite.renameKeyTo].join('.'));
  }
  return {
    reads,
    writes,
    rootKeys: fetch.requires ? [] : [...new Set(rootKeysOf(definition.selectionSet))],
  };
};

/** Whether a step with the first footprint has to be over before one with the second starts. */
export const mustPrecede = (earlier: Footprint, later: Footprint): boolean =>
  intersect(earlier.writes, later.reads) ||
  intersect(earlier.writes, later.writes) ||
  intersect(earlier.reads, later.writes);

const intersect = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => !a.isDisjointFrom(b);

const required = (
  selections: readonly QueryPlanSelectionNode[],
  keys: readonly string[],
  reads: Set<string>,
): void => {
  for (const selection of selections) {
    const at = selection.kind === 'Field' ? [...keys, selection.alias ?? selection.name] : keys;
    if (selection.kind === 'Field') reads.add(at.join('.'));
    if (selection.selections) required(selection.selections, at, reads);
  }
};

const written = (set: SelectionSetNode, keys: readonly string[], writes: Set<string>): void => {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      throw new TypeError('A plan is made without fragment definitions');
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) written(selection.selectionSet, keys, writes);
    else if (selection.name.value === '_entities') {
      if (selection.selectionSet) written(selection.selectionSet, keys, writes);
    } else {
      const at = [...keys, selection.alias?.value ?? selection.name.value];
      writes.add(at.join('.'));
      if (selection.selectionSet) written(selection.selectionSet, at, writes);
    }
  }
};

const rootKeysOf = (set: SelectionSetNode): string[] =>
  set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.alias?.value ?? selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? rootKeysOf(selection.selectionSet) : [];
  });

// A fetch that asks something else than it did.
import type { FetchNode } from '@apollo/query-planner';
import { type DocumentNode, print, stripIgnoredCharacters } from 'graphql';
import { withUsedVariables } from '../../document/withUsedVariables.ts';

/** With the variables of the fetch that the document uses, and their definitions. */
export const withOperation = (fetch: FetchNode, document: DocumentNode): FetchNode => {
  const used = withUsedVariables(document);
  return {
    ...fetch,
    operation: stripIgnoredCharacters(print(used.document)),
    variableUsages: fetch.variableUsages?.filter((name) => used.variables.has(name)),
  };
};

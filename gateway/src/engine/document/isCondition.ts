// The directives that decide whether something is selected at all.
import type { DirectiveNode } from 'graphql';

export const isCondition = ({ name }: DirectiveNode): boolean =>
  name.value === 'skip' || name.value === 'include';

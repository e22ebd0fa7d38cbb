// Who a new record belongs to when nobody is named: the person who creates it.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';

/** An API key is not a person: what it creates belongs to nobody unless it names one. */
export function defaultOwner(
  { identity }: MutationScope,
  named: string | null | undefined,
): string | null {
  if (named !== undefined) return named?.toLowerCase() ?? null;
  return identity.kind === 'user' ? identity.subject : null;
}

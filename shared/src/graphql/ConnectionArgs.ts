// The two arguments of every list, and their limits.
// @Query(() => DealConnection) deals(@Args(() => ConnectionArgs) page: ConnectionArgs, …)
import { ArgsType, Field, Int } from 'type-graphql';
import { CrmError } from '../errors/CrmError.ts';

export const defaultPageSize = 25;
/** Keeps a page of any list within one answer's budget. */
export const maxPageSize = 100;

@ArgsType()
export class PageSizeArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: defaultPageSize,
    description: `How many at most, 1 to ${maxPageSize}.`,
  })
  first?: number | null;
}

@ArgsType()
export class ConnectionArgs extends PageSizeArgs {
  @Field(() => String, {
    nullable: true,
    description: 'An edge of this list, same filter and order; the page begins after it.',
  })
  after?: string | null;
}

/** `first` within its limits, else BAD_USER_INPUT. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPageSize;
  if (Number.isInteger(size) && size >= 1 && size <= maxPageSize) return size;
  throw new CrmError('BAD_USER_INPUT', `first must be 1 to ${maxPageSize}, not ${size}.`, {
    extensions: { argument: 'first', maximum: maxPageSize },
  });
}

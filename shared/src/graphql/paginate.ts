// A root list: one statement for a page, one for the count, each only when selected.
// return paginate(context, { entity: Deal, filter, filterFields: dealFilterFields,
//   orderBy, orderFields: dealOrderFields, first, after });
import type { ObjectLiteral } from 'typeorm';
import { pageSize } from './ConnectionArgs.ts';
import type { ConnectionOf } from './connectionOf.ts';
import { CursorCodec } from './cursor.ts';
import { LazyConnection } from './LazyConnection.ts';
import { type ListContext, ListQuery, type ListQueryOptions } from './ListQuery.ts';

export type ListArguments = Pick<ListQueryOptions<ObjectLiteral>, 'filter' | 'orderBy'> & {
  first?: number | null | undefined;
  after?: string | null | undefined;
};

export type PaginateOptions<Node extends ObjectLiteral> = ListQueryOptions<Node> & ListArguments;

export function paginate<Node extends ObjectLiteral>(
  context: ListContext,
  options: PaginateOptions<Node>,
): ConnectionOf<Node> {
  const size = pageSize(options.first);
  const list = new ListQuery(context, options);
  const codec = new CursorCodec(context.services.secret, list.binding);
  const after = options.after == null ? undefined : codec.decode(options.after);
  return new LazyConnection<Node>({
    codec,
    size,
    continued: after !== undefined,
    rows: () => list.rows({ after, limit: size + 1 }),
    count: () => list.count(),
  });
}

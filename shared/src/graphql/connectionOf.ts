// The Relay shape of a list. Everything on it is lazy: what is not selected is never read.
// export const { Connection: DealConnection } = connectionOf(Deal, 'Deal');
// @Query(() => DealConnection) deals(...): ConnectionOf<Deal> { return paginate(...); }

import { type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';
import { Cost, weights } from './cost.ts';

@Directive('@shareable')
@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether the list goes on after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether this page was asked for with `after`.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last edge; give it as `after` to read on.',
  })
  endCursor!: string | null;
}

export interface EdgeOf<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface ConnectionOf<Node> {
  readonly edges: Promise<readonly EdgeOf<Node>[]>;
  readonly nodes: Promise<readonly Node[]>;
  readonly pageInfo: Promise<PageInfo>;
  readonly totalCount: Promise<number>;
}

/** The GraphQL types `<name>Connection` and `<name>Edge`. */
export function connectionOf<Node extends object>(
  NodeClass: ClassType<Node>,
  name: string,
): { Connection: ClassType<ConnectionOf<Node>>; Edge: ClassType<EdgeOf<Node>> } {
  @ObjectType(`${name}Edge`, { description: `${name} with its place in a list.` })
  class Edge implements EdgeOf<Node> {
    @Field(() => String, { description: 'The place in this list, for `after`. Opaque.' })
    cursor!: string;

    @Field(() => NodeClass, { description: `The ${name}.` })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name} records.` })
  class Connection implements ConnectionOf<Node> {
    @Field(() => [Edge], { description: 'The page, with a cursor for each.' })
    edges!: Promise<readonly Edge[]>;

    @Field(() => [NodeClass], { description: 'The page, without cursors.' })
    nodes!: Promise<readonly Node[]>;

    @Field(() => PageInfo, { description: 'Where the page lies in its list.' })
    pageInfo!: Promise<PageInfo>;

    @Cost(weights.count)
    @Field(() => Int, {
      description: 'How many match the filter on all pages; counted only when selected.',
    })
    totalCount!: Promise<number>;
  }

  return { Connection, Edge };
}

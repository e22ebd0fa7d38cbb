// A connection whose parts are read when they are selected, each at most once.
import type { ConnectionOf, EdgeOf, PageInfo } from './connectionOf.ts';
import type { CursorCodec, CursorValues } from './cursor.ts';

export interface Row<Node> {
  node: Node;
  values: CursorValues;
}

export interface LazyConnectionOptions<Node> {
  /** Reads one row more than the page has: whether there is one says whether the list goes on. */
  rows: () => Promise<readonly Row<Node>[]>;
  count: () => Promise<number>;
  codec: CursorCodec;
  size: number;
  /** Whether the page begins after a cursor. */
  continued: boolean;
}

class LazyEdge<Node> implements EdgeOf<Node> {
  readonly node: Node;
  readonly #values: CursorValues;
  readonly #codec: CursorCodec;

  constructor(row: Row<Node>, codec: CursorCodec) {
    this.node = row.node;
    this.#values = row.values;
    this.#codec = codec;
  }

  get cursor(): string {
    return this.#codec.encode(this.#values);
  }
}

export class LazyConnection<Node> implements ConnectionOf<Node> {
  readonly #options: LazyConnectionOptions<Node>;
  #rows: Promise<readonly Row<Node>[]> | undefined;

  constructor(options: LazyConnectionOptions<Node>) {
    this.#options = options;
  }

  get edges(): Promise<readonly EdgeOf<Node>[]> {
    return this.#page().then((page) => page.map((row) => new LazyEdge(row, this.#options.codec)));
  }

  get nodes(): Promise<readonly Node[]> {
    return this.#page().then((page) => page.map(({ node }) => node));
  }

  get pageInfo(): Promise<PageInfo> {
    return this.#pageInfo();
  }

  get totalCount(): Promise<number> {
    return this.#options.count();
  }

  #read(): Promise<readonly Row<Node>[]> {
    this.#rows ??= this.#options.rows();
    return this.#rows;
  }

  async #page(): Promise<readonly Row<Node>[]> {
    return (await this.#read()).slice(0, this.#options.size);
  }

  async #pageInfo(): Promise<PageInfo> {
    const { codec, continued, size } = this.#options;
    const rows = await this.#read();
    const first = rows[0];
    const last = rows[Math.min(rows.length, size) - 1];
    return {
      hasNextPage: rows.length > size,
      hasPreviousPage: continued,
      startCursor: first ? codec.encode(first.values) : null,
      endCursor: last ? codec.encode(last.values) : null,
    };
  }
}

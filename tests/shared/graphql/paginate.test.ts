import { connectionLoader } from '@crm-graph/shared/graphql/connectionLoader';
import { filterLimits } from '@crm-graph/shared/graphql/filter';
import type { Order, OrderFields } from '@crm-graph/shared/graphql/order';
import { type ListArguments, paginate } from '@crm-graph/shared/graphql/paginate';
import type { SelectQueryBuilder } from 'typeorm';
import { stack } from '../../stack.ts';
import {
  Author,
  authorFilterFields,
  Book,
  type BookRow,
  bookFilterFields,
  idOf,
  type Library,
  type LibraryContext,
  openLibrary,
  organizations,
} from './library.ts';

const orderFields: OrderFields = {
  TITLE: 'title',
  PRICE: 'price',
  SOLD_AT: 'soldAt',
  LENGTH: { sql: (alias) => `LENGTH( ${alias}.title )`, nullable: false },
};

// 101 books: a third without a price, equal prices, prices and times that differ below a double's and a Date's precision.
const books: BookRow[] = Array.from({ length: 101 }, (_, index) => ({
  author: index % 10 === 9 ? null : (index % 3) + 1,
  title: index === 0 ? '100% pure_cotton\\' : index === 1 ? '100 percent' : `Book ${index % 7}`,
  price: index % 3 === 0 ? null : `12345678901234567.000000000${index % 5}`,
  soldAt: `2026-01-01T00:00:00.00000${index % 9}Z`,
  tags: index % 2 === 0 ? ['even', `t${index % 4}`] : [],
}));
books.push({ organizationId: organizations.elsewhere, title: 'Not yours', author: 1 });

let library: Library;

beforeAll(async () => {
  library = await openLibrary(stack().databaseUrl, ['Ada', 'Bo', 'Cy', 'Di'], books);
});
afterEach(() => library.release());
afterAll(() => library?.[Symbol.asyncDispose]());

function list(context: LibraryContext, args: ListArguments) {
  return paginate(context, { entity: Book, filterFields: bookFilterFields, orderFields, ...args });
}

async function titles(filter: object): Promise<string[]> {
  const context = library.context();
  const nodes = await list(context, { filter, first: 100 }).nodes;
  return nodes.map((book) => book.title);
}

async function count(filter: object): Promise<number> {
  return list(library.context(), { filter }).totalCount;
}

async function readAll(orderBy: Order[], first: number): Promise<Book[]> {
  const all: Book[] = [];
  const context = library.context();
  let after: string | null = null;
  do {
    const page: ReturnType<typeof list> = list(context, { orderBy, first, after });
    all.push(...(await page.nodes));
    const info = await page.pageInfo;
    after = info.hasNextPage ? info.endCursor : null;
    expect(all.length).toBeLessThanOrEqual(101);
  } while (after);
  return all;
}

function code(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

describe('a list', () => {
  const rank = (value: string | null, down: boolean) => {
    if (value === null) return [1, ''] as const;
    return [
      0,
      down ? [...value].map((c) => String.fromCharCode(255 - c.charCodeAt(0))).join('') : value,
    ] as const;
  };

  test.each(['ASC', 'DESC'] as const)(
    'visits every record once in the order of a nullable decimal, nulls last, ids breaking ties (%s)',
    async (direction) => {
      const read = await readAll([{ field: 'PRICE', direction }], 7);
      const down = direction === 'DESC';
      const expected = [...read].sort((a, b) => {
        const [nullA, priceA] = rank(a.price, down);
        const [nullB, priceB] = rank(b.price, down);
        return (
          nullA - nullB ||
          (priceA < priceB ? -1 : priceA > priceB ? 1 : 0) ||
          (a.id < b.id ? -1 : 1) * (down ? -1 : 1)
        );
      });
      expect(new Set(read.map(({ id }) => id)).size).toBe(101);
      expect(read.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    },
  );

  test.each([
    [[{ field: 'SOLD_AT', direction: 'ASC' }]],
    [[{ field: 'SOLD_AT', direction: 'DESC' }]],
    [
      [
        { field: 'TITLE', direction: 'ASC' },
        { field: 'PRICE', direction: 'DESC' },
      ],
    ],
    [
      [
        { field: 'LENGTH', direction: 'DESC' },
        { field: 'PRICE', direction: 'ASC' },
      ],
    ],
    [[]],
  ] as Order[][][])('reads the same records page by page as at once: %j', async (orderBy) => {
    const pages = await readAll(orderBy, 4);
    const whole = await readAll(orderBy, 100);
    expect(pages.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    expect(new Set(pages.map(({ id }) => id)).size).toBe(101);
  });

  test('stays within what a filter of alternatives shares its statement with', async () => {
    const filter = { or: [{ price: { isNull: true } }, { title: { startsWith: 'Book' } }] };
    const context = library.context();
    const matching = await list(context, { filter, first: 100 }).edges;
    const after = matching[9]?.cursor ?? '';
    const next = await list(context, { filter, first: 100, after }).nodes;
    expect(next.map(({ id }) => id)).toEqual(matching.slice(10).map(({ node }) => node.id));
    const where = (query: SelectQueryBuilder<Book>) => query.andWhere(`node.title = 'Book 3'`);
    const narrowed = await paginate(context, {
      ...{ entity: Book, filterFields: bookFilterFields, filter, first: 100 },
      where,
      scope: 'Book 3',
    }).nodes;
    expect(new Set(narrowed.map(({ title }) => title))).toEqual(new Set(['Book 3']));
  });

  test('of 101 records gives 25 unless told, and refuses 0, 101 and -1', async () => {
    const context = library.context();
    expect(await list(context, {}).nodes).toHaveLength(25);
    expect(await list(context, { first: 100 }).nodes).toHaveLength(100);
    for (const first of [0, 101, -1]) {
      expect(code(() => list(context, { first }))).toBe('BAD_USER_INPUT');
    }
  });

  test('counts only when asked, and reads no page for the count', async () => {
    const context = library.context();
    const connection = list(context, { first: 2 });
    await connection.edges;
    await connection.nodes;
    await connection.pageInfo;
    expect(context.transaction.statements).toBe(2); // BEGIN and the page
    expect(await connection.totalCount).toBe(101);
    expect(context.transaction.statements).toBe(3);
    const counting = library.context();
    expect(await list(counting, { filter: { title: { eq: 'Book 3' } } }).totalCount).toBe(14);
    expect(counting.transaction.statements).toBe(2);
  });

  test('shows nothing of another organization', async () => {
    const elsewhere = library.context(organizations.elsewhere);
    expect((await list(elsewhere, {}).nodes).map(({ title }) => title)).toEqual(['Not yours']);
    expect(await titles({ id: { eq: idOf('book', 102) } })).toEqual([]);
  });
});

describe('a cursor', () => {
  async function cursorOf(args: ListArguments, context = library.context()): Promise<string> {
    const [edge] = await list(context, { first: 1, ...args }).edges;
    return edge?.cursor ?? '';
  }

  test('works for the same list, filter and order, whatever the order of the filter members', async () => {
    const filter = { title: { eq: 'Book 3' }, price: { isNull: true } };
    const after = await cursorOf({ filter });
    const same = { price: { isNull: true }, title: { eq: 'Book 3' } };
    expect((await list(library.context(), { filter: same, after }).nodes).length).toBeGreaterThan(
      0,
    );
  });

  test('is refused with another filter, order, list, organization or secret, or when altered', async () => {
    const here = library.context();
    const after = await cursorOf({});
    const filter = { title: { eq: 'Book 3' } };
    const altered = `${after.slice(0, -2)}${after.endsWith('A') ? 'B' : 'A'}`;
    const uses: (() => unknown)[] = [
      () => list(here, { after, filter }),
      () => list(here, { after, orderBy: [{ field: 'TITLE', direction: 'ASC' }] }),
      () => paginate(here, { entity: Author, after }),
      () => list(library.context(organizations.elsewhere), { after }),
      () => list(library.context(organizations.here, 'another secret'), { after }),
      () => list(here, { after: altered }),
      () => list(here, { after: '' }),
      () => list(here, { after: 'x'.repeat(10_000) }),
      () => list(here, { after: Buffer.from('["a"]').toString('base64url') }),
    ];
    expect(uses.map(code)).toEqual(uses.map(() => 'INVALID_CURSOR'));
  });
});

describe('a filter', () => {
  const all = 101;

  test.each([
    [{ title: { eq: 'Book 3' } }, 14],
    [{ title: { ne: 'Book 3' } }, all - 14],
    [{ title: { in: ['Book 3', '100 percent'] } }, 15],
    [{ title: { in: [] } }, 0],
    [{ title: { contains: 'BOOK' } }, 99],
    [{ title: { contains: '%' } }, 1],
    [{ title: { contains: '_' } }, 1],
    [{ title: { contains: '\\' } }, 1],
    [{ title: { startsWith: '100% P' } }, 1],
    [{ title: { startsWith: 'ook' } }, 0],
    [{ title: { contains: "'; drop table book; --" } }, 0],
    [{ price: { isNull: true } }, 34],
    [{ price: { eq: null } }, 34],
    [{ price: { ne: null } }, 67],
    [{ price: { ne: '1' } }, all],
    [{ price: { gt: '12345678901234567.0000000003' } }, 13],
    [{ price: { gte: '12345678901234567.0000000003' } }, 26],
    [{ price: { gt: '12345678901234567', lt: '12345678901234567.0000000002' } }, 13],
    [{ not: { price: { gt: '0' } } }, 34],
    [{ or: [{ title: { eq: 'Book 3' } }, { title: { eq: '100 percent' } }] }, 15],
    [{ or: [] }, 0],
    [{ author: { or: [{ name: { eq: 'Nobody' } }, { name: { eq: 'Ada' } }] } }, 30],
    [{ and: [] }, all],
    [{ and: [{ title: { eq: 'Book 3' } }, { price: { isNull: true } }] }, 5],
    [{ tags: { has: 'even' } }, 51],
    [{ tags: { hasAny: ['t0', 't2'] } }, 51],
    [{ tags: { hasEvery: ['even', 't0'] } }, 26],
    [{ tags: { hasEvery: ['t2', 't0'] } }, 0],
    [{ price: { in: ['12345678901234567.0000000004', '1'] } }, 13],
    [{ soldAt: { in: [new Date('2026-01-01T00:00:00Z')] } }, 12],
    [{ soldAt: { lte: new Date('2026-01-01T00:00:00Z') } }, 12],
    [{ version: { in: [1, 2], gt: 0 } }, all],
    [{ authorId: { in: [idOf('author', 1), idOf('author', 4)] } }, 30],
    [{ author: { name: { eq: 'Ada' } } }, 30],
    [{ not: { author: { name: { eq: 'Ada' } } } }, all - 30],
    [{ author: { books: { some: { title: { eq: '100 percent' } } } } }, 31],
    [{}, all],
    [null, all],
    [{ title: null, and: null }, all],
  ])('%j matches as many as it should', async (filter, expected) => {
    expect(await count(filter as object)).toBe(expected);
  });

  test.each([
    [{ books: { some: { title: { eq: '100 percent' } } } }, ['Bo']],
    [{ books: { none: {} } }, ['Di']],
    [{ books: { some: {} } }, ['Ada', 'Bo', 'Cy']],
    [{ books: { every: { title: { contains: 'o' } } } }, ['Ada', 'Cy', 'Di']],
    [{ books: { every: { price: { isNull: true } } } }, ['Di', 'Ada']],
  ])('%j over many matches the right parents', async (filter, expected) => {
    const context = library.context();
    const found = await paginate(context, {
      entity: Author,
      filter,
      filterFields: authorFilterFields,
    }).nodes;
    expect(found.map(({ name }) => name).sort()).toEqual([...expected].sort());
  });

  test('that is too deep, too long, or not writable in SQL is refused with BAD_USER_INPUT', async () => {
    let deep: object = { title: { eq: 'x' } };
    for (let level = 0; level < filterLimits.depth; level += 1) deep = { not: deep };
    const filters: object[] = [
      deep,
      { or: Array.from({ length: 101 }, () => ({ title: { eq: 'x' } })) },
      { title: { in: Array.from({ length: 501 }, () => 'x') } },
      { title: { eq: 'x'.repeat(1_001) } },
      { title: { eq: 'a\0b' } },
      { title: { contains: null } },
      { id: { eq: 'not-an-id' } },
      { authorId: { in: ['not-an-id'] } },
    ];
    for (const filter of filters) {
      await expect(list(library.context(), { filter }).nodes).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    }
  });

  test('searches in texts are few and short, and the refusal says how', async () => {
    const refused: [object, string][] = [
      [{ title: { contains: 'x'.repeat(201) } }, 'title.contains has at most 200 characters.'],
      [{ title: { startsWith: 'x'.repeat(201) } }, 'title.startsWith has at most 200 characters.'],
      [
        { or: Array.from({ length: 21 }, () => ({ title: { contains: 'x' } })) },
        'A filter searches texts (contains, startsWith) at most 20 times.',
      ],
    ];
    for (const [filter, message] of refused) {
      await expect(list(library.context(), { filter }).nodes).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        message,
      });
    }
    const filter = {
      or: Array.from({ length: 20 }, () => ({ title: { contains: 'x'.repeat(200) } })),
    };
    expect(await list(library.context(), { filter }).nodes).toEqual([]);
  });
});

describe('a nested list', () => {
  const booksOfAuthor = connectionLoader({
    entity: Book,
    parentColumn: 'authorId',
    filterFields: bookFilterFields,
    orderFields,
  });
  const authors = [1, 2, 3, 4].map((n) => idOf('author', n));

  test('of all parents takes one statement, and one more for the counts', async () => {
    const context = library.context();
    const orderBy: Order[] = [{ field: 'PRICE', direction: 'DESC' }];
    const connections = authors.map((id) => booksOfAuthor(context, id, { first: 3, orderBy }));
    const pages = await Promise.all(connections.map(({ nodes }) => nodes));
    await Promise.all(connections.flatMap(({ edges, pageInfo }) => [edges, pageInfo]));
    expect(context.transaction.statements).toBe(2);
    const totals = await Promise.all(connections.map(({ totalCount }) => totalCount));
    expect(context.transaction.statements).toBe(3);
    expect(totals).toEqual([30, 31, 30, 0]);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 3, 0]);
    for (const [index, page] of pages.entries()) {
      const single = library.context();
      const filter = { authorId: { eq: authors[index] } };
      const alone = await list(single, { filter, first: 3, orderBy }).nodes;
      expect(page.map(({ id }) => id)).toEqual(alone.map(({ id }) => id));
    }
  });

  test('of very many rows takes a statement for every ten pages of a hundred', async () => {
    const context = library.context();
    const parents = Array.from({ length: 60 }, (_, n) => idOf('author', n + 1));
    const connections = parents.map((id) => booksOfAuthor(context, id, { first: 100 }));
    const pages = await Promise.all(connections.map(({ nodes }) => nodes));
    expect(pages.slice(0, 4).map((page) => page.length)).toEqual([30, 31, 30, 0]);
    expect(context.transaction.statements).toBe(1 + 6);
  });

  test('reads no further than the budget of the answer', async () => {
    const context = library.context(undefined, undefined, 50);
    const [ada, bo] = authors as [string, string];
    const pages = [ada, bo].map((id) => booksOfAuthor(context, id, { first: 40 }).nodes);
    const outcomes = await Promise.allSettled(pages);
    const tooLarge = expect.objectContaining({ code: 'RESPONSE_TOO_LARGE' });
    expect(outcomes).toEqual([
      { status: 'rejected', reason: tooLarge },
      { status: 'rejected', reason: tooLarge },
    ]);
    const { statements } = context.transaction;
    await expect(booksOfAuthor(context, ada, { first: 1 }).nodes).rejects.toEqual(tooLarge);
    expect(context.transaction.statements).toBe(statements);
  });

  test('goes on from a cursor of its own parent only', async () => {
    const context = library.context();
    const [ada, bo] = authors as [string, string];
    const first = await booksOfAuthor(context, ada, { first: 20 });
    const { endCursor, hasNextPage } = await first.pageInfo;
    expect(hasNextPage).toBe(true);
    const rest = booksOfAuthor(context, ada, { first: 20, after: endCursor });
    const ids = [...(await first.nodes), ...(await rest.nodes)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(30);
    expect((await rest.pageInfo).hasNextPage).toBe(false);
    expect(code(() => booksOfAuthor(context, bo, { after: endCursor }))).toBe('INVALID_CURSOR');
    expect(code(() => booksOfAuthor(context, bo, { first: 101 }))).toBe('BAD_USER_INPUT');
  });

  test('applies its filter to every parent', async () => {
    const context = library.context();
    const args = { filter: { title: { eq: 'Book 3' } } };
    const totals = await Promise.all(
      authors.map((id) => booksOfAuthor(context, id, args).totalCount),
    );
    const expected = await Promise.all(
      authors.map((id) => count({ and: [{ title: { eq: 'Book 3' } }, { authorId: { eq: id } }] })),
    );
    expect(totals).toEqual(expected);
  });
});

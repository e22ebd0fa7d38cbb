// A small library of authors and books in a real Postgres, for the tests of lists and filters.
import 'reflect-metadata';
import { createDataSource } from '@crm-graph/shared/database/openDatabase';
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import type { FilterFields } from '@crm-graph/shared/graphql/filter';
import { ResponseBudget } from '@crm-graph/shared/subgraph/ResponseBudget';
import { Column, type DataSource, Entity } from 'typeorm';

@Entity()
export class Author extends TenantEntity {
  @Column('text')
  name!: string;
}

@Entity()
export class Book extends TenantEntity {
  @Column('uuid', { nullable: true })
  authorId!: string | null;

  @Column('text')
  title!: string;

  @Column('numeric', { precision: 30, scale: 10, nullable: true })
  price!: string | null;

  @Column('timestamptz')
  soldAt!: Date;

  @Column('text', { array: true })
  tags!: string[];
}

export const bookFilterFields: FilterFields = {
  id: 'id',
  version: 'version',
  authorId: 'authorId',
  title: 'title',
  price: 'price',
  soldAt: 'soldAt',
  tags: { list: 'tags' },
  author: { one: () => Author, key: 'authorId', fields: () => authorFilterFields },
};

export const authorFilterFields: FilterFields = {
  name: 'name',
  books: { many: () => Book, key: 'authorId', fields: () => bookFilterFields },
};

export const organizations = {
  here: '01900000-0000-7000-8000-000000000001',
  elsewhere: '01900000-0000-7000-8000-000000000002',
};

/** The id of the n-th record of a kind. */
export function idOf(kind: 'author' | 'book', n: number): string {
  return `01900000-0000-7000-8${kind === 'author' ? '000' : '111'}-${String(n).padStart(12, '0')}`;
}

const schema = `
  create table author (organization_id uuid, id uuid, version int default 1, created_at timestamptz default now(),
    updated_at timestamptz default now(), name text not null, primary key (organization_id, id));
  create table book (organization_id uuid, id uuid, version int default 1, created_at timestamptz default now(),
    updated_at timestamptz default now(), author_id uuid, title text not null, price numeric(30,10),
    sold_at timestamptz not null, tags text[] not null, primary key (organization_id, id));
  create index book_author on book (organization_id, author_id);
  grant usage on schema library to library_reader;
  grant select on author, book to library_reader;
  alter table author enable row level security;
  alter table book enable row level security;
  create policy author_organization on author
    using (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid));
  create policy book_organization on book
    using (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid));
`;

export interface Library extends AsyncDisposable {
  /** A request's context; count its statements by `transaction.statements`. */
  context(organizationId?: string, secret?: string, maxNodes?: number): LibraryContext;
  /** Ends the requests so far. */
  release(): Promise<void>;
}

export interface LibraryContext {
  identity: { organizationId: string };
  transaction: TenantTransaction;
  budget: ResponseBudget;
  services: { secret: string };
}

export interface BookRow {
  author?: number | null;
  title?: string;
  price?: string | null;
  soldAt?: string;
  tags?: string[];
  organizationId?: string;
}

/** Fills a new schema with `authors` names and `books`, numbered from 1. */
export async function openLibrary(
  url: string,
  authors: readonly string[],
  books: readonly BookRow[],
): Promise<Library> {
  const owner = createDataSource({ url, schema: 'public', entities: [], poolSize: 1 });
  await owner.initialize();
  await owner.query('drop schema if exists library cascade');
  await owner.query('drop role if exists library_reader');
  await owner.query(`create role library_reader login password 'library'`);
  await owner.query(`create schema library; set search_path = library; ${schema}`);
  for (const [index, name] of authors.entries()) {
    await owner.query('insert into author (organization_id, id, name) values ($1, $2, $3)', [
      organizations.here,
      idOf('author', index + 1),
      name,
    ]);
  }
  for (const [index, book] of books.entries()) {
    await owner.query(
      `insert into book (organization_id, id, author_id, title, price, sold_at, tags)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        book.organizationId ?? organizations.here,
        idOf('book', index + 1),
        book.author == null ? null : idOf('author', book.author),
        book.title ?? `Book ${index + 1}`,
        book.price ?? null,
        book.soldAt ?? '2026-01-01T00:00:00Z',
        book.tags ?? [],
      ],
    );
  }
  const reader = new URL(url);
  reader.username = 'library_reader';
  reader.password = 'library';
  const dataSource: DataSource = createDataSource({
    url: reader.href,
    schema: 'library',
    entities: [Author, Book],
    poolSize: 16,
  });
  await dataSource.initialize();
  const transactions: TenantTransaction[] = [];
  async function release() {
    await Promise.all(transactions.splice(0).map((request) => request[Symbol.asyncDispose]()));
  }
  return {
    context(organizationId = organizations.here, secret = 'a secret of the tests', maxNodes) {
      const deadline = Date.now() + 30_000;
      const transaction = new TenantTransaction({ dataSource, organizationId, deadline });
      transactions.push(transaction);
      const budget = new ResponseBudget(maxNodes);
      return { identity: { organizationId }, transaction, budget, services: { secret } };
    },
    release,
    async [Symbol.asyncDispose]() {
      await release();
      await dataSource.destroy();
      await owner.query('drop schema library cascade');
      await owner.query('drop role library_reader');
      await owner.destroy();
    },
  };
}

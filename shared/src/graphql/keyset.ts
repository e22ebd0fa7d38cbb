// Keyset order: the ORDER BY of a list, the text of its columns for cursors, and "what comes after these values".
// Nulls rank last in both directions; the id breaks ties, in the direction of the last field,
// so that one index over (organization, field, id) serves both directions.
import type { EntityMetadata, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { CursorValues } from './cursor.ts';
import type { Order, OrderFields } from './order.ts';

interface Key {
  sql: string;
  descending: boolean;
  nullable: boolean;
}

export class Keyset {
  readonly #keys: Key[];

  constructor(
    metadata: EntityMetadata,
    alias: string,
    orders: readonly Order[],
    fields: OrderFields,
  ) {
    this.#keys = orders.map(({ field, direction }) => {
      const definition = fields[field];
      if (definition === undefined) throw new Error(`No order field ${field}`);
      const descending = direction === 'DESC';
      if (typeof definition !== 'string') {
        return { sql: definition.sql(alias), nullable: definition.nullable, descending };
      }
      const column = metadata.findColumnWithPropertyPath(definition);
      if (!column) throw new Error(`${metadata.name} has no column ${definition}`);
      return { sql: `${alias}.${definition}`, nullable: column.isNullable, descending };
    });
    const descending = this.#keys.at(-1)?.descending ?? false;
    this.#keys.push({ sql: `${alias}.id`, nullable: false, descending });
  }

  /** The order as SQL, for window functions. */
  get orderBy(): string {
    return this.#keys
      .map(({ sql, descending, nullable }) => {
        const nullsLast = nullable && descending ? ' NULLS LAST' : '';
        return `${sql} ${descending ? 'DESC' : 'ASC'}${nullsLast}`;
      })
      .join(', ');
  }

  /** Orders `query`. */
  order<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): void {
    for (const { sql, descending, nullable } of this.#keys) {
      const nulls = nullable && descending ? 'NULLS LAST' : undefined;
      query.addOrderBy(sql, descending ? 'DESC' : 'ASC', nulls);
    }
  }

  /** Selects each key as text, so that a cursor loses no precision. */
  select<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): void {
    for (const [index, { sql }] of this.#keys.entries()) {
      query.addSelect(`CAST(${sql} AS text)`, `cursor_${index}`);
    }
  }

  /** As `select`, from a subquery that did that. */
  selectFrom<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>, alias: string): void {
    for (const index of this.#keys.keys()) {
      query.addSelect(`"${alias}"."cursor_${index}"`, `cursor_${index}`);
    }
  }

  /** The values that `select` selected. */
  read(raw: Record<string, unknown>): CursorValues {
    return this.#keys.map((_, index) => (raw[`cursor_${index}`] as string | null) ?? null);
  }

  /** The condition "comes after `values`". */
  after<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>, values: CursorValues): void {
    const name = (index: number) => `after_${index}`;
    for (const [index, value] of values.entries()) {
      if (value !== null) query.setParameter(name(index), value);
    }
    const [first] = this.#keys;
    if (this.#keys.every((key) => !key.nullable && key.descending === first?.descending)) {
      const columns = this.#keys.map(({ sql }) => sql).join(', ');
      const bounds = this.#keys.map((_, index) => `:${name(index)}`).join(', ');
      query.andWhere(`(${columns}) ${first?.descending ? '<' : '>'} (${bounds})`);
      return;
    }
    const alternatives = this.#keys.flatMap((key, index) => {
      if (values[index] === null) return [];
      const beyond = `${key.sql} ${key.descending ? '<' : '>'} :${name(index)}`;
      const ties = this.#keys.slice(0, index).map((tie, at) => {
        return values[at] === null ? `${tie.sql} IS NULL` : `${tie.sql} = :${name(at)}`;
      });
      return [[...ties, key.nullable ? `(${beyond} OR ${key.sql} IS NULL)` : beyond].join(' AND ')];
    });
    query.andWhere(`((${alternatives.join(') OR (')}))`);
  }
}

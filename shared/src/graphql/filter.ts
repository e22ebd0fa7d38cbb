// Filters as clients give them, {and or not field: {eq …}}, as SQL: every value is a parameter, columns come
// from the entity's own list, depth and size are bounded, and a missing value never makes a condition "unknown".
// applyFilter(query, 'deal', filter, { title: 'title', tags: { list: 'tags' },
//   company: { one: () => Company, key: 'companyId', fields: () => companyFilterFields },
//   products: { many: () => DealProduct, key: 'dealId', fields: () => dealProductFilterFields } });
import type { EntityMetadata, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { CrmError } from '../errors/CrmError.ts';

export type FilterField =
  /** A property of the entity. */
  | string
  /** SQL over `alias.property`, which must be followed by a space, a comma or a parenthesis. */
  | { sql: (alias: string) => string }
  /** A property that holds a list of texts. */
  | { list: string }
  /** The record whose id is in property `key`: the filter of that record. */
  | { one: () => new () => ObjectLiteral; key: string; fields: () => FilterFields }
  /** The records whose property `key` is this id: {some every none}. */
  | { many: () => new () => ObjectLiteral; key: string; fields: () => FilterFields };

/** By the field's name in the filter. */
export type FilterFields = Readonly<Record<string, FilterField>>;

// Enough for every screen; beyond, a filter is a way to keep Postgres busy.
// A search reads each row's whole text, at worst once for each character searched for: it has limits of its own.
export const filterLimits = {
  depth: 6,
  conditions: 100,
  listLength: 500,
  textLength: 1_000,
  searches: 20,
  searchLength: 200,
};

function refuse(message: string): never {
  throw new CrmError('BAD_USER_INPUT', message, { extensions: { argument: 'filter' } });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Narrows `query` to what matches; no filter, no condition. */
export function applyFilter<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  alias: string,
  filter: object | null | undefined,
  fields: FilterFields,
): void {
  if (filter == null) return;
  const metadata = query.expressionMap.findAliasByName(alias).metadata;
  const writer = new FilterWriter(query as SelectQueryBuilder<ObjectLiteral>);
  const condition = writer.write({ alias, metadata, fields, depth: 1 }, filter);
  if (condition !== 'TRUE') query.andWhere(condition);
}

interface Scope {
  alias: string;
  metadata: EntityMetadata;
  fields: FilterFields;
  depth: number;
}

interface Operand {
  sql: string;
  isUuid: boolean;
  name: string;
}

class FilterWriter {
  readonly #query: SelectQueryBuilder<ObjectLiteral>;
  #parameters: number;
  #conditions = 0;
  #searches = 0;
  #aliases = 0;

  constructor(query: SelectQueryBuilder<ObjectLiteral>) {
    this.#query = query;
    this.#parameters = Object.keys(query.getParameters()).length;
  }

  write(scope: Scope, filter: object): string {
    if (scope.depth > filterLimits.depth) {
      refuse(`A filter nests at most ${filterLimits.depth} deep.`);
    }
    const deeper = { ...scope, depth: scope.depth + 1 };
    const conditions = Object.entries(filter).flatMap(([name, value]: [string, unknown]) => {
      if (value == null) return [];
      if (name === 'and') return this.#all(deeper, value, 'AND', 'TRUE');
      if (name === 'or') return this.#all(deeper, value, 'OR', 'FALSE');
      // IS NOT TRUE, not NOT: what has no value does not match the inner filter, so it matches here.
      if (name === 'not') return `(${this.write(deeper, value)}) IS NOT TRUE`;
      return this.#field(deeper, name, value as object);
    });
    return join(conditions, 'AND', 'TRUE');
  }

  #all(scope: Scope, filters: unknown, word: 'AND' | 'OR', none: string): string {
    const list = Array.isArray(filters) ? filters : [filters];
    return join(
      list.map((filter: object) => this.write(scope, filter)),
      word,
      none,
    );
  }

  #field(scope: Scope, name: string, value: object): string[] {
    const field = scope.fields[name];
    if (field === undefined) throw new Error(`No filter field ${name} on ${scope.metadata.name}`);
    if (typeof field === 'string') {
      const column = scope.metadata.findColumnWithPropertyPath(field);
      if (!column) throw new Error(`${scope.metadata.name} has no column ${field}`);
      const operand = { name, sql: `${scope.alias}.${field}`, isUuid: column.type === 'uuid' };
      return this.#operators(operand, value);
    }
    if ('sql' in field) {
      return this.#operators({ name, sql: field.sql(scope.alias), isUuid: false }, value);
    }
    if ('list' in field) {
      const operand = { name, sql: `${scope.alias}.${field.list}`, isUuid: false };
      return this.#operators(operand, value);
    }
    if ('one' in field) {
      const join = (inner: string) => `${inner}.id = ${scope.alias}.${field.key}`;
      return [this.#exists(scope, field.one(), join, field.fields(), value, false)];
    }
    const join = (inner: string) => `${inner}.${field.key} = ${scope.alias}.id`;
    const entity = field.many();
    return Object.entries(value).flatMap(([quantifier, filter]: [string, unknown]) => {
      if (!isRecord(filter)) return [];
      if (quantifier === 'every') {
        return `NOT ${this.#exists(scope, entity, join, field.fields(), filter, true)}`;
      }
      const exists = this.#exists(scope, entity, join, field.fields(), filter, false);
      return quantifier === 'none' ? `NOT ${exists}` : exists;
    });
  }

  /** Whether a related row matches; with `failing`, whether one does not. */
  #exists(
    scope: Scope,
    entity: new () => ObjectLiteral,
    joinOn: (alias: string) => string,
    fields: FilterFields,
    filter: object,
    failing: boolean,
  ): string {
    this.#count();
    this.#aliases += 1;
    const alias = `${scope.alias}_${this.#aliases}`;
    const related = this.#query.subQuery().select('1').from(entity, alias);
    const { metadata } = related.expressionMap.findAliasByName(alias);
    const inner = this.write({ alias, metadata, fields, depth: scope.depth }, filter);
    related
      .where(`${alias}.organizationId = ${scope.alias}.organizationId`)
      .andWhere(joinOn(alias))
      .andWhere(failing ? `(${inner}) IS NOT TRUE` : inner);
    return `EXISTS ${related.getQuery()}`;
  }

  #operators(operand: Operand, operators: object): string[] {
    return Object.entries(operators)
      .filter(([, value]) => value !== undefined)
      .map(([operator, value]: [string, unknown]) => {
        this.#count();
        return this.#operator(operand, operator, value);
      });
  }

  #operator({ sql, isUuid, name }: Operand, operator: string, value: unknown): string {
    const one = () => this.#bind(this.#check(name, isUuid, value));
    const many = () => this.#bind(this.#checkList(name, isUuid, value));
    if (value === null) {
      if (operator === 'eq') return `${sql} IS NULL`;
      if (operator === 'ne') return `${sql} IS NOT NULL`;
      refuse(`${name}.${operator} must not be null; use isNull, or leave it out.`);
    }
    switch (operator) {
      case 'eq':
        return `${sql} = ${one()}`;
      case 'ne':
        return `${sql} IS DISTINCT FROM ${one()}`;
      case 'in':
        return `${sql} = ANY(${many()})`;
      case 'gt':
        return `${sql} > ${one()}`;
      case 'gte':
        return `${sql} >= ${one()}`;
      case 'lt':
        return `${sql} < ${one()}`;
      case 'lte':
        return `${sql} <= ${one()}`;
      case 'contains':
        // Not ILIKE: its search begins anew at every character of a text.
        return `STRPOS(LOWER(${sql} ), LOWER(${this.#bind(this.#search(name, operator, value))})) > 0`;
      case 'startsWith':
        return `${sql} ILIKE ${this.#bind(`${escapeLike(this.#search(name, operator, value))}%`)}`;
      case 'isNull':
        return value === true ? `${sql} IS NULL` : `${sql} IS NOT NULL`;
      case 'has':
        return `${sql} @> ${this.#bind([this.#check(name, false, value)])}`;
      case 'hasAny':
        return `${sql} && ${many()}`;
      case 'hasEvery':
        return `${sql} @> ${many()}`;
      default:
        throw new Error(`No filter operator ${operator}`);
    }
  }

  #check(name: string, uuid: boolean, value: unknown): unknown {
    if (typeof value !== 'string') return value;
    if (value.length > filterLimits.textLength) {
      refuse(`${name}: a text in a filter has at most ${filterLimits.textLength} characters.`);
    }
    if (value.includes('\0')) refuse(`${name}: a text cannot contain the character U+0000.`);
    if (uuid && !isUuid(value)) refuse(`${name}: "${value}" is not an id.`);
    return value;
  }

  /** A text to search for. */
  #search(name: string, operator: string, value: unknown): unknown {
    this.#searches += 1;
    const { searches, searchLength } = filterLimits;
    if (this.#searches > searches) {
      refuse(`A filter searches texts (contains, startsWith) at most ${searches} times.`);
    }
    if (typeof value === 'string' && value.length > searchLength) {
      refuse(`${name}.${operator} has at most ${searchLength} characters.`);
    }
    return this.#check(name, false, value);
  }

  #checkList(name: string, uuid: boolean, value: unknown): unknown[] {
    const list = Array.isArray(value) ? value : [value];
    if (list.length > filterLimits.listLength) {
      refuse(`${name}: a list in a filter has at most ${filterLimits.listLength} elements.`);
    }
    return list.map((element) => this.#check(name, uuid, element));
  }

  #bind(value: unknown): string {
    const name = `filter_${this.#parameters}`;
    this.#parameters += 1;
    this.#query.setParameter(name, value);
    return `:${name}`;
  }

  #count(): void {
    this.#conditions += 1;
    if (this.#conditions > filterLimits.conditions) {
      refuse(`A filter has at most ${filterLimits.conditions} conditions.`);
    }
  }
}

function join(conditions: readonly string[], word: 'AND' | 'OR', none: string): string {
  if (conditions.length === 0) return none;
  if (conditions.length === 1) return String(conditions[0]);
  // In parentheses of its own: what stands beside it may be joined by another word.
  return `((${conditions.join(`) ${word} (`)}))`;
}

/** Takes `%`, `_` and the escape itself literally. */
function escapeLike(value: unknown): string {
  return String(value).replace(/[\\%_]/g, '\\$&');
}

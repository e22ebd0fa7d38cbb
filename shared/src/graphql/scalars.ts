// Scalars with one exact form each: times as ISO 8601 in UTC, dates and decimals as strings that nothing rounds.
// @Field(() => DecimalScalar) probability!: string;   // '12.50' in, '12.50' out
import { GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTimeISO, GraphQLLocalDate } from 'graphql-scalars';
import { CrmError } from '../errors/CrmError.ts';

const lastYear = 9999;

/** A point in time; a `Date` inside. */
export const DateTimeScalar = new GraphQLScalarType<Date, Date>({
  ...(GraphQLDateTimeISO.toConfig() as object),
  name: 'DateTime',
  description:
    'A point in time as ISO 8601 with a time zone, for example `2026-03-01T09:30:00Z`. Answers are in UTC.',
  parseValue: (value) => inYears(GraphQLDateTimeISO.parseValue(value)),
  parseLiteral: (node, variables) => inYears(GraphQLDateTimeISO.parseLiteral(node, variables)),
});

function inYears(date: Date): Date {
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= lastYear) return date;
  throw new CrmError('BAD_USER_INPUT', `The year must be 1 to ${lastYear}.`);
}

/** A calendar day; the string 'YYYY-MM-DD' inside too. */
export const DateScalar = new GraphQLScalarType<string, string>({
  ...(GraphQLLocalDate.toConfig() as object),
  name: 'Date',
  description: 'A calendar day without a time zone as `YYYY-MM-DD`, for example `2026-03-01`.',
  parseValue: (value) => notYearZero(GraphQLLocalDate.parseValue(value)),
  parseLiteral: (node, variables) => notYearZero(GraphQLLocalDate.parseLiteral(node, variables)),
});

function notYearZero(day: string): string {
  if (!day.startsWith('0000')) return day;
  throw new CrmError('BAD_USER_INPUT', 'There is no year 0.');
}

// numeric(26, 6) holds what passes; more would be rounded or refused by Postgres.
const decimalForm = /^-?\d{1,20}(\.\d{1,6})?$/;
// A double keeps 15 decimal digits exactly: a JSON number with more has been rounded already.
const exactDigits = 15;

function readDecimal(value: unknown): string {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (typeof text !== 'string' || !decimalForm.test(text)) {
    throw new CrmError(
      'BAD_USER_INPUT',
      'A Decimal is a string like "1234.50": at most 20 digits, then at most 6 decimals.',
    );
  }
  if (typeof value === 'number' && text.replace(/\D/g, '').length > exactDigits) {
    throw new CrmError('BAD_USER_INPUT', 'Send a Decimal of more than 15 digits as a string.');
  }
  return text;
}

/** An exact decimal number; a string inside too. */
export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal number as a string, for example `"1234.50"`: up to 20 digits before and 6 after the point. Numbers of up to 15 digits are taken too.',
  serialize: (value) => String(value),
  parseValue: readDecimal,
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT) {
      return readDecimal(node.value);
    }
    return readDecimal(undefined);
  },
});

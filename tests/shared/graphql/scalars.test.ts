import { isCurrency, money, moneyProblem } from '@crm-graph/shared/graphql/Money';
import { DateScalar, DateTimeScalar, DecimalScalar } from '@crm-graph/shared/graphql/scalars';
import { parseValue } from 'graphql';

const literal = (text: string) => parseValue(text);

describe('Decimal', () => {
  test.each([
    ['1234.50', '1234.50'],
    ['-0.000001', '-0.000001'],
    ['12345678901234567890.123456', '12345678901234567890.123456'],
    [12.5, '12.5'],
    [7, '7'],
  ])('takes %p and keeps it exactly', (given, expected) => {
    expect(DecimalScalar.parseValue(given)).toBe(expected);
    expect(DecimalScalar.serialize(expected)).toBe(expected);
  });

  test.each(['', 'abc', '1e5', '1.', '.5', '1.1234567', '123456789012345678901', 'NaN', ' 1'])(
    'refuses %p',
    (given) => {
      expect(() => DecimalScalar.parseValue(given)).toThrow('Decimal');
    },
  );

  test.each([0.1 + 0.2, 1e21, Number.NaN, true, null, {}, 1234567890123456])(
    'refuses %p, which is rounded or no number',
    (given) => {
      expect(() => DecimalScalar.parseValue(given)).toThrow();
    },
  );

  test('takes literals as they are written, so that none passes through a float', () => {
    expect(DecimalScalar.parseLiteral(literal('0.30000'), {})).toBe('0.30000');
    expect(DecimalScalar.parseLiteral(literal('12345678901234567'), {})).toBe('12345678901234567');
    expect(() => DecimalScalar.parseLiteral(literal('true'), {})).toThrow('Decimal');
  });
});

describe('Date', () => {
  test('takes days of the calendar and gives them back as they are', () => {
    expect(DateScalar.parseValue('2024-02-29')).toBe('2024-02-29');
    expect(DateScalar.serialize('2024-02-29')).toBe('2024-02-29');
  });

  test.each(['2023-02-29', '2023-13-01', '2023-1-1', '2023-01-01T00:00:00Z', '0000-01-01', 5])(
    'refuses %p',
    (given) => {
      expect(() => DateScalar.parseValue(given)).toThrow();
    },
  );
});

describe('DateTime', () => {
  test('takes any time zone and answers in UTC', () => {
    const time = DateTimeScalar.parseValue('2026-03-01T10:30:00+01:00');
    expect(JSON.stringify(DateTimeScalar.serialize(time))).toBe('"2026-03-01T09:30:00.000Z"');
  });

  test.each(['2026-03-01', '2026-03-01T10:30:00', 'yesterday', '0000-01-01T00:00:00Z'])(
    'refuses %p',
    (given) => {
      expect(() => DateTimeScalar.parseValue(given)).toThrow();
    },
  );
});

test('money is in a currency of ISO 4217, with an amount that fits', () => {
  expect(['EUR', 'CHF', 'JPY'].every(isCurrency)).toBe(true);
  expect(['eur', 'BTC', 'EURO', ''].some(isCurrency)).toBe(false);
  expect(moneyProblem({ amount: '-12.5000', currency: 'USD' })).toBeUndefined();
  expect(moneyProblem({ amount: '1', currency: 'usd' })?.field).toBe('currency');
  expect(moneyProblem({ amount: '1.00001', currency: 'USD' })?.field).toBe('amount');
  expect(money('1', 'EUR')).toEqual({ amount: '1', currency: 'EUR' });
  expect(money(null, null)).toBeNull();
});

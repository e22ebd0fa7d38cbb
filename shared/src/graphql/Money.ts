// An amount never travels without its currency, and never as a float.
// @Field(() => Money, { nullable: true }) get amount() { return money(this.amountValue, this.amountCurrency); }
import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { DecimalScalar } from './scalars.ts';

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether `code` is a currency of ISO 4217, in capitals. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

@Directive('@shareable')
@ObjectType({ description: 'An amount in a currency.' })
export class Money {
  @Field(() => DecimalScalar, { description: 'The exact amount, in units of the currency.' })
  amount!: string;

  @Field(() => String, { description: 'The currency as ISO 4217 code, for example `EUR`.' })
  currency!: string;
}

@InputType({ description: 'An amount in a currency.' })
export class MoneyInput {
  @Field(() => DecimalScalar, { description: 'The exact amount, in units of the currency.' })
  amount!: string;

  @Field(() => String, { description: 'The currency as ISO 4217 code, for example `EUR`.' })
  currency!: string;
}

/** The Money of two columns; null when there is no amount. */
export function money(amount: string | null, currency: string | null): Money | null {
  return amount === null || currency === null ? null : { amount, currency };
}

// Two decimals fit every currency in use but the few with three; numeric(18, 4) holds both.
const amountForm = /^-?\d{1,14}(\.\d{1,4})?$/;

/** What is wrong with `input`, as the field below it and a message; undefined when nothing is. */
export function moneyProblem(
  input: MoneyInput,
): { field: keyof MoneyInput; message: string } | undefined {
  if (!isCurrency(input.currency)) {
    return { field: 'currency', message: `${input.currency} is not an ISO 4217 currency code.` };
  }
  if (!amountForm.test(input.amount)) {
    return { field: 'amount', message: 'An amount has at most 14 digits and 4 decimals.' };
  }
  return undefined;
}

// Ordering as clients give it: a list of {field, direction}, the first counting most.
// const DealOrder = orderInput(DealOrderField, 'Deal');   // a registered enum
// @Arg('orderBy', () => [DealOrder], { nullable: true }) orderBy?: OrderBy
import { type ClassType, Field, InputType, registerEnumType } from 'type-graphql';
import { CrmError } from '../errors/CrmError.ts';

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which way a list is ordered. Records without the value come last either way.',
  valuesConfig: {
    ASC: { description: 'Smallest, earliest or first in the alphabet first.' },
    DESC: { description: 'Largest, latest or last in the alphabet first.' },
  },
});

export interface Order {
  field: string;
  direction: OrderDirection | 'ASC' | 'DESC';
}

export type OrderBy = Order | readonly Order[] | null;

/** What a list can be ordered by: a property of the entity, or SQL over `alias.property`. */
export type OrderField = string | { sql: (alias: string) => string; nullable: boolean };

/** By value of the order enum. */
export type OrderFields = Readonly<Record<string, OrderField>>;

/** More keys than this would only slow the list down. */
const maxKeys = 4;

/** The input type `<name>Order` over a registered enum of fields. */
export function orderInput(fields: Record<string, string>, name: string): ClassType<Order> {
  @InputType(`${name}Order`, { description: `What a list of ${name} records is ordered by.` })
  class OrderInput implements Order {
    @Field(() => fields, { description: 'The field.' })
    field!: string;

    @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
    direction!: OrderDirection;
  }
  return OrderInput;
}

/** A list of orders, each field once; BAD_USER_INPUT when there are too many. */
export function readOrder(orderBy: OrderBy | undefined, otherwise: readonly Order[]): Order[] {
  const given = orderBy == null ? [] : 'field' in orderBy ? [orderBy] : orderBy;
  if (given.length > maxKeys) {
    throw new CrmError('BAD_USER_INPUT', `orderBy takes at most ${maxKeys} fields.`);
  }
  const chosen = given.length > 0 ? given : otherwise;
  return chosen
    .filter((order, index) => chosen.findIndex(({ field }) => field === order.field) === index)
    .map(({ field, direction }) => ({ field, direction }));
}

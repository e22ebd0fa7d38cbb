// The list of interactions: its order, its arguments, and what the lists below other records share with it.
import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import {
  type Order,
  type OrderBy,
  type OrderFields,
  orderInput,
} from '@crm-graph/shared/graphql/order';
import { ArgsType, Field, registerEnumType } from 'type-graphql';
import { InteractionFilter, interactionFilterFields } from './filters.ts';
import { Interaction } from './Interaction.ts';

export enum InteractionOrderField {
  OCCURRED_AT = 'OCCURRED_AT',
  DURATION_MINUTES = 'DURATION_MINUTES',
  CREATED_AT = 'CREATED_AT',
}

registerEnumType(InteractionOrderField, {
  name: 'InteractionOrderField',
  description: 'What interactions can be ordered by.',
  valuesConfig: {
    OCCURRED_AT: { description: 'When they took place.' },
    DURATION_MINUTES: { description: 'How long they took.' },
    CREATED_AT: { description: 'The time of creation.' },
  },
});

const InteractionOrder = orderInput(InteractionOrderField, 'Interaction');

const orderFields: OrderFields = {
  OCCURRED_AT: 'occurredAt',
  DURATION_MINUTES: 'durationMinutes',
  CREATED_AT: 'createdAt',
};

export const { Connection: InteractionConnection } = connectionOf(Interaction, 'Interaction');

@ArgsType()
export class InteractionsArgs extends ConnectionArgs {
  @Field(() => InteractionFilter, {
    nullable: true,
    description: 'Which interactions; all when absent.',
  })
  filter?: InteractionFilter | null;

  @Field(() => [InteractionOrder], {
    nullable: true,
    description: 'Up to 4 fields, the first counting most; latest first when absent.',
  })
  orderBy?: OrderBy;
}

const latestFirst: readonly Order[] = [
  { field: InteractionOrderField.OCCURRED_AT, direction: 'DESC' },
];

export const interactionList = {
  entity: Interaction,
  filterFields: interactionFilterFields,
  orderFields,
  defaultOrder: latestFirst,
};

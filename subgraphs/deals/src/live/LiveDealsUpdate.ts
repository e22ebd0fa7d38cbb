// What a live list of deals says: a first page, then differences.
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Deal } from '../Deal.ts';

export enum LiveDealRemoval {
  DELETED = 'DELETED',
  LEFT_FILTER = 'LEFT_FILTER',
  LEFT_PAGE = 'LEFT_PAGE',
  ACCESS_LOST = 'ACCESS_LOST',
}

registerEnumType(LiveDealRemoval, {
  name: 'LiveDealRemoval',
  description: 'Why a deal is no longer in a live list.',
  valuesConfig: {
    DELETED: { description: 'It was deleted.' },
    LEFT_FILTER: { description: 'It no longer matches the filter.' },
    LEFT_PAGE: { description: 'Others come before it: it is no longer among the first.' },
    ACCESS_LOST: { description: 'It can no longer be seen, though nobody deleted it.' },
  },
});

@ObjectType({ description: 'A deal and its place in a live list.' })
export class LiveDeal {
  @Field(() => Int, { description: 'Its place in the list after the update, from 0.' })
  index!: number;

  @Field(() => Deal, { description: 'The deal.' })
  deal!: Deal;
}

@ObjectType({ description: 'A deal that is no longer in a live list.' })
export class RemovedDeal {
  @Field(() => ID, { description: 'The id of the deal.' })
  dealId!: string;

  @Field(() => LiveDealRemoval, { description: 'Why it is no longer there.' })
  reason!: LiveDealRemoval;
}

@ObjectType({
  description:
    'A live list of deals: the first page, then what became different. To apply an update, take out all that is removed or changed, then put in what is added or changed, by ascending index.',
})
export class LiveDealsUpdate {
  @Field(() => String, {
    description: 'Every deal event up to this cursor is in the list; later ones may be.',
  })
  cursor!: string;

  @Field(() => String, {
    description:
      'The list after the update, for the next one. Opaque; the same as before when nothing became different.',
  })
  state!: string;

  @Field(() => [Deal], {
    nullable: true,
    description: 'The whole list, in its order; null in an update of one.',
  })
  page!: Deal[] | null;

  @Field(() => [LiveDeal], { description: 'What came into the list, by ascending index.' })
  added!: LiveDeal[];

  @Field(() => [LiveDeal], {
    description:
      'What is in the list with another version or at another place, by ascending index.',
  })
  changed!: LiveDeal[];

  @Field(() => [RemovedDeal], { description: 'What went out of the list.' })
  removed!: RemovedDeal[];

  @Field(() => Boolean, { description: 'Whether more deals match than the list holds.' })
  hasMore!: boolean;
}

// Interactions as clients read them.
import { lastEventOf } from '@crm-graph/shared/events/lastRecord';
import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Contact } from './Contact.ts';
import { recordOfEvent } from './changeRecord.ts';
import { contactKind } from './contactKind.ts';
import { Interaction } from './Interaction.ts';
import { InteractionConnection, InteractionsArgs, interactionList } from './interactionList.ts';
import { contactById, interactionById } from './loaders.ts';
import { User, userReference } from './references.ts';

@Resolver(() => Interaction)
export class InteractionResolver {
  @Query(() => InteractionConnection, {
    description: 'Interactions of the organization; latest first unless told.',
  })
  interactions(
    @Args(() => InteractionsArgs) args: InteractionsArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Interaction> {
    return paginate(context, { ...interactionList, ...args });
  }

  @Query(() => Interaction, {
    nullable: true,
    description: 'An interaction; null when there is none.',
  })
  async interaction(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Interaction | undefined> {
    return interactionById(context).load(id);
  }

  @FieldResolver(() => Contact, { description: 'With whom, or about whom.' })
  async contact(
    @Root() { contactId }: Interaction,
    @Ctx() context: SubgraphContext,
  ): Promise<Contact | undefined> {
    const contact = await contactById(context).load(contactId);
    if (contact) return contact;
    // An event may be about an interaction that was deleted with its contact.
    const last = await lastEventOf(context).load(contactId);
    return last && recordOfEvent(contactKind)(last);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who recorded it.' })
  author(@Root() interaction: Interaction): User | null {
    return userReference(interaction.authorId);
  }
}

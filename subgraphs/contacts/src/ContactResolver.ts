// Contacts as clients read them.
import { connectionLoader } from '@crm-graph/shared/graphql/connectionLoader';
import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Company } from './Company.ts';
import { Contact } from './Contact.ts';
import { ContactConnection, ContactsArgs, contactList } from './contactList.ts';
import type { Interaction } from './Interaction.ts';
import { InteractionConnection, InteractionsArgs, interactionList } from './interactionList.ts';
import { companyById, contactById } from './loaders.ts';
import { User, userReference } from './references.ts';

const interactionsOfContact = connectionLoader({ ...interactionList, parentColumn: 'contactId' });

@Resolver(() => Contact)
export class ContactResolver {
  @Query(() => ContactConnection, { description: 'Contacts of the organization.' })
  contacts(
    @Args(() => ContactsArgs) args: ContactsArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Contact> {
    return paginate(context, { ...contactList, ...args });
  }

  @Query(() => Contact, { nullable: true, description: 'A contact; null when there is none.' })
  async contact(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Contact | undefined> {
    return contactById(context).load(id);
  }

  @FieldResolver(() => Company, { nullable: true, description: 'The company they are at.' })
  async company(@Root() contact: Contact, @Ctx() context: SubgraphContext) {
    return contact.companyId === null ? null : companyById(context).load(contact.companyId);
  }

  @FieldResolver(() => InteractionConnection, {
    description: 'Calls, e-mails, meetings and notes; latest first unless told.',
  })
  interactions(
    @Root() contact: Contact,
    @Args(() => InteractionsArgs) args: InteractionsArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Interaction> {
    return interactionsOfContact(context, contact.id, args);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who looks after them.' })
  owner(@Root() contact: Contact): User | null {
    return userReference(contact.ownerId);
  }
}

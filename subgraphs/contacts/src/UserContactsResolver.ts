// What hangs below a user: the companies and contacts they look after, the interactions they recorded.
import { connectionLoader } from '@crm-graph/shared/graphql/connectionLoader';
import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Company } from './Company.ts';
import type { Contact } from './Contact.ts';
import { CompaniesArgs, CompanyConnection, companyList } from './companyList.ts';
import { ContactConnection, ContactsArgs, contactList } from './contactList.ts';
import type { Interaction } from './Interaction.ts';
import { InteractionConnection, InteractionsArgs, interactionList } from './interactionList.ts';
import { User } from './references.ts';

const companiesOfOwner = connectionLoader({ ...companyList, parentColumn: 'ownerId' });
const contactsOfOwner = connectionLoader({ ...contactList, parentColumn: 'ownerId' });
const interactionsOfAuthor = connectionLoader({ ...interactionList, parentColumn: 'authorId' });

@Resolver(() => User)
export class UserContactsResolver {
  @FieldResolver(() => CompanyConnection, { description: 'Companies the person looks after.' })
  companies(
    @Root() user: User,
    @Args(() => CompaniesArgs) args: CompaniesArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Company> {
    return companiesOfOwner(context, user.id, args);
  }

  @FieldResolver(() => ContactConnection, { description: 'Contacts the person looks after.' })
  contacts(
    @Root() user: User,
    @Args(() => ContactsArgs) args: ContactsArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Contact> {
    return contactsOfOwner(context, user.id, args);
  }

  @FieldResolver(() => InteractionConnection, { description: 'Interactions they recorded.' })
  interactions(
    @Root() user: User,
    @Args(() => InteractionsArgs) args: InteractionsArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Interaction> {
    return interactionsOfAuthor(context, user.id, args);
  }
}

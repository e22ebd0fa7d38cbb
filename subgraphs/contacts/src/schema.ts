// The contacts subgraph: its entities, resolvers, references and rules in one place.
import { can } from '@crm-graph/shared/graphql/rules';
import type { SubgraphDefinition } from '@crm-graph/shared/subgraph/startSubgraph';
import { Company } from './Company.ts';
import { CompanyMutationResolver } from './CompanyMutationResolver.ts';
import { CompanyResolver } from './CompanyResolver.ts';
import { Contact } from './Contact.ts';
import { ContactEventResolver } from './ContactEventResolver.ts';
import { ContactMutationResolver } from './ContactMutationResolver.ts';
import { ContactResolver } from './ContactResolver.ts';
import { Interaction } from './Interaction.ts';
import { InteractionMutationResolver } from './InteractionMutationResolver.ts';
import { InteractionResolver } from './InteractionResolver.ts';
import { companyById, contactById, interactionById } from './loaders.ts';
import { permissions } from './permissions.ts';
import { userReference } from './references.ts';
import { UserContactsResolver } from './UserContactsResolver.ts';

const rule = can('contacts:read');

export const contacts: SubgraphDefinition = {
  name: 'contacts',
  entities: [Company, Contact, Interaction],
  resolvers: [
    CompanyResolver,
    CompanyMutationResolver,
    ContactResolver,
    ContactMutationResolver,
    InteractionResolver,
    InteractionMutationResolver,
    ContactEventResolver,
    UserContactsResolver,
  ],
  permissions,
  references: {
    Company: { rule, resolve: ({ id }, context) => companyById(context).load(id) },
    Contact: { rule, resolve: ({ id }, context) => contactById(context).load(id) },
    Interaction: { rule, resolve: ({ id }, context) => interactionById(context).load(id) },
    User: { rule, resolve: ({ id }) => userReference(id) },
  },
};

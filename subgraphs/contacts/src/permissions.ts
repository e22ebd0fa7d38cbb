// Who may do what with contacts. The gateway holds the same rules before it asks; these hold without it.
import { can, canFollowContacts } from '@crm-graph/shared/graphql/rules';
import type { RootRules } from '@crm-graph/shared/subgraph/buildFederatedSchema';

export const permissions: RootRules = {
  Query: {
    company: can('contacts:read'),
    companies: can('contacts:read'),
    contact: can('contacts:read'),
    contacts: can('contacts:read'),
    interaction: can('contacts:read'),
    interactions: can('contacts:read'),
    contactEvent: canFollowContacts,
  },
  Mutation: {
    createCompany: can('contacts:write'),
    updateCompany: can('contacts:write'),
    deleteCompany: can('contacts:delete'),
    bulkCreateCompanies: can('contacts:write'),
    createContact: can('contacts:write'),
    updateContact: can('contacts:write'),
    deleteContact: can('contacts:delete'),
    bulkCreateContacts: can('contacts:write'),
    createInteraction: can('contacts:write'),
    updateInteraction: can('contacts:write'),
    deleteInteraction: can('contacts:delete'),
  },
  Subscription: {
    contactEvents: canFollowContacts,
  },
};

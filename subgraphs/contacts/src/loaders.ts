// What resolvers of contacts read by id: batched, one statement each.
import { entityLoader } from '@crm-graph/shared/subgraph/defineLoader';
import { Company } from './Company.ts';
import { Contact } from './Contact.ts';
import { Interaction } from './Interaction.ts';

export const companyById = entityLoader(Company);
export const contactById = entityLoader(Contact);
export const interactionById = entityLoader(Interaction);

// What a member may do in an organization; the permissions behind each are in shared/identity.
import { registerEnumType } from 'type-graphql';

export enum Role {
  ADMIN = 'ADMIN',
  MANAGER = 'MANAGER',
  USER = 'USER',
  PARTNER = 'PARTNER',
}

registerEnumType(Role, {
  name: 'Role',
  description: 'What a member may do in the organization.',
  valuesConfig: {
    ADMIN: { description: 'Everything, including users and API keys.' },
    MANAGER: { description: 'All records, pipelines and analytics; no users or API keys.' },
    USER: { description: 'Reads and writes contacts, deals and tasks; deletes nothing.' },
    PARTNER: { description: 'Reads contacts and deals.' },
  },
});

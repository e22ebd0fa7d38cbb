// The DataLoaders of this subgraph: one statement per kind of record and request, not per row.

import { defineLoader, entityLoader } from '@crm-graph/shared/subgraph/defineLoader';
import { In } from 'typeorm';
import { ApiKey } from './ApiKey.ts';
import { Membership } from './Membership.ts';
import { Organization } from './Organization.ts';
import { User } from './User.ts';

export const userById = entityLoader(User);

export const organizationById = entityLoader(Organization);

export const membershipByUser = defineLoader<string, Membership | undefined>(
  async (userIds, context) => {
    const manager = await context.transaction.manager();
    const found = await manager.findBy(Membership, { userId: In([...userIds]) });
    const byUser = new Map(found.map((membership) => [membership.userId, membership]));
    return userIds.map((id) => byUser.get(id));
  },
);

export const apiKeyById = entityLoader(ApiKey);

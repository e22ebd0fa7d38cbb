// Inputs and payloads of the mutations on users, and what a list of users is filtered and ordered by.

import { connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import type { FilterFields } from '@crm-graph/shared/graphql/filter';
import {
  BooleanFilter,
  DateTimeFilter,
  type EnumFilter,
  enumFilter,
  IDFilter,
  StringFilter,
} from '@crm-graph/shared/graphql/filterInputs';
import { type OrderFields, orderInput } from '@crm-graph/shared/graphql/order';
import {
  MutationInput,
  MutationPayload,
  UpdateInput,
} from '@crm-graph/shared/mutation/MutationInput';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Role } from './Role.ts';
import { User } from './User.ts';

@InputType({ description: 'A new user.' })
export class CreateUserInput extends MutationInput {
  @Field(() => ID, {
    nullable: true,
    description: 'A UUID made by the client; made here if absent.',
  })
  id?: string | null;

  @Field(() => String, { description: 'The address to log in with; not in use yet.' })
  email!: string;

  @Field(() => String, { description: 'The name that others see.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: '8 to 200 characters. Without one, the user cannot log in.',
  })
  password?: string | null;

  @Field(() => Role, { defaultValue: Role.USER, description: 'What the user may do.' })
  role!: Role;

  @Field(() => String, { nullable: true, description: 'For example a regional office.' })
  team?: string | null;

  @Field(() => ID, { nullable: true, description: 'The user who leads this one.' })
  managerId?: string | null;

  @Field(() => String, { nullable: true, description: 'The id in another system.' })
  externalId?: string | null;
}

@InputType({ description: 'Changes to a user; what is left out stays as it is.' })
export class UpdateUserInput extends UpdateInput {
  @Field(() => String, { nullable: true, description: 'The address to log in with.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'The name that others see.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'A new password; ends the sessions.' })
  password?: string | null;

  @Field(() => Role, { nullable: true, description: 'A new role; ends the sessions.' })
  role?: Role | null;

  @Field(() => String, { nullable: true, description: 'Null: none any more.' })
  team?: string | null;

  @Field(() => ID, { nullable: true, description: 'Null: none any more.' })
  managerId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'False ends the sessions.' })
  active?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Null: none any more.' })
  externalId?: string | null;
}

@ObjectType({ description: 'The user, or what was wrong.' })
export class UserPayload extends MutationPayload {
  @Field(() => User, {
    nullable: true,
    description: 'As it is now; null when nothing was written.',
  })
  user?: User | null;
}

export const { Connection: UserConnection } = connectionOf(User, 'User');

const RoleFilter = enumFilter(Role, 'Role');

const optional = (description: string) => ({ nullable: true, description });

@InputType({ description: 'Which users; all given conditions must hold.' })
export class UserFilter {
  @Field(() => [UserFilter], optional('All of these hold.'))
  and?: UserFilter[] | null;

  @Field(() => [UserFilter], optional('At least one of these holds.'))
  or?: UserFilter[] | null;

  @Field(() => UserFilter, optional('This does not hold.'))
  not?: UserFilter | null;

  @Field(() => IDFilter, optional('By id.'))
  id?: IDFilter | null;

  @Field(() => StringFilter, optional('By name.'))
  name?: StringFilter | null;

  @Field(() => StringFilter, optional('By e-mail address.'))
  email?: StringFilter | null;

  @Field(() => RoleFilter, optional('By role.'))
  role?: EnumFilter<Role> | null;

  @Field(() => StringFilter, optional('By team.'))
  team?: StringFilter | null;

  @Field(() => IDFilter, optional('By manager.'))
  managerId?: IDFilter | null;

  @Field(() => BooleanFilter, optional('By whether the user can log in.'))
  active?: BooleanFilter | null;

  @Field(() => StringFilter, optional('By the id in another system.'))
  externalId?: StringFilter | null;

  @Field(() => DateTimeFilter, optional('By time of creation.'))
  createdAt?: DateTimeFilter | null;
}

/** Role, team and manager are the membership's, joined under this alias by the list. */
export const userFilterFields: FilterFields = {
  id: 'id',
  name: 'name',
  email: 'email',
  role: { sql: () => 'membership.role' },
  team: { sql: () => 'membership.team' },
  managerId: { sql: () => 'CAST(membership.managerId AS text)' },
  active: 'active',
  externalId: 'externalId',
  createdAt: 'createdAt',
};

export enum UserOrderField {
  NAME = 'NAME',
  EMAIL = 'EMAIL',
  ROLE = 'ROLE',
  TEAM = 'TEAM',
  CREATED_AT = 'CREATED_AT',
}

registerEnumType(UserOrderField, {
  name: 'UserOrderField',
  description: 'What a list of users can be ordered by.',
  valuesConfig: {
    NAME: { description: 'The name.' },
    EMAIL: { description: 'The e-mail address.' },
    ROLE: { description: 'The name of the role.' },
    TEAM: { description: 'The team; users without one come last.' },
    CREATED_AT: { description: 'The time of creation.' },
  },
});

export const UserOrder = orderInput(UserOrderField, 'User');

export const userOrderFields: OrderFields = {
  NAME: 'name',
  EMAIL: 'email',
  ROLE: { sql: () => 'membership.role', nullable: false },
  TEAM: { sql: () => 'membership.team', nullable: true },
  CREATED_AT: 'createdAt',
};

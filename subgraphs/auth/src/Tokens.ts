// The answer to a login: a short-lived token to work with, and one to get the next with.

import { ListSize } from '@crm-graph/shared/graphql/cost';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { maxUserErrors, UserError } from '@crm-graph/shared/mutation/UserError';
import { Field, ObjectType } from 'type-graphql';
import { User } from './User.ts';

@ObjectType({ description: 'The tokens of a session.' })
export class Tokens {
  @Field(() => String, { description: 'Send it as `authorization: Bearer …`; valid 10 minutes.' })
  accessToken!: string;

  @Field(() => String, {
    description: 'For `refreshToken`; valid once and for 30 days. Reuse ends the session.',
  })
  refreshToken!: string;

  @Field(() => DateTimeScalar, { description: 'When the access token expires.' })
  expiresAt!: Date;

  @Field(() => User, { description: 'Who is logged in.' })
  user!: User;
}

@ObjectType({ description: 'The new organization’s first session, or what was wrong.' })
export class SignUpPayload {
  @Field(() => String, {
    nullable: true,
    description: 'Send it as `authorization: Bearer …`; valid 10 minutes.',
  })
  accessToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For `refreshToken`; valid once and for 30 days. Reuse ends the session.',
  })
  refreshToken?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the access token expires.' })
  expiresAt?: Date | null;

  @Field(() => User, { nullable: true, description: 'The first user, an ADMIN.' })
  user?: User | null;

  @ListSize({ assumedSize: maxUserErrors })
  @Field(() => [UserError], { description: 'Empty when the organization was created.' })
  userErrors!: UserError[];
}

// Inputs of the mutations that open, carry on and end a session.

import { MutationInput } from '@crm-graph/shared/mutation/MutationInput';
import { Field, InputType } from 'type-graphql';

@InputType({ description: 'E-mail and password.' })
export class LoginInput {
  @Field(() => String, { description: 'In any case.' })
  email!: string;

  @Field(() => String, { description: 'The password.' })
  password!: string;
}

@InputType({ description: 'A new organization and its first user.' })
export class SignUpInput {
  @Field(() => String, { description: 'The name of the organization.' })
  organizationName!: string;

  @Field(() => String, { description: "The first user's name." })
  name!: string;

  @Field(() => String, { description: 'The address to log in with; not in use yet.' })
  email!: string;

  @Field(() => String, { description: '8 to 200 characters.' })
  password!: string;
}

@InputType({ description: 'The refresh token of the session.' })
export class RefreshTokenInput {
  @Field(() => String, { description: 'The last one received; it is spent by this.' })
  refreshToken!: string;
}

@InputType({ description: 'Nothing is needed: the session of the access token ends.' })
export class LogoutInput extends MutationInput {}

// Logging in and out, and what a logged-in user sees of itself.

import { Cost, ListSize, weights } from '@crm-graph/shared/graphql/cost';
import { MutationPayload } from '@crm-graph/shared/mutation/MutationInput';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, FieldResolver, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { IsNull, MoreThan } from 'typeorm';
import { userById } from './loaders.ts';
import { login } from './login.ts';
import { refreshSession } from './refreshSession.ts';
import { announce, endSessions } from './revocation.ts';
import { Session } from './Session.ts';
import { LoginInput, LogoutInput, RefreshTokenInput, SignUpInput } from './sessionInputs.ts';
import { signUp } from './signUp.ts';
import { SignUpPayload, Tokens } from './Tokens.ts';
import { User } from './User.ts';

@ObjectType({ description: 'The end of a session.' })
export class LogoutPayload extends MutationPayload {}

/** Enough for any person; older ones end by themselves. */
const sessionsShown = 100;

@Resolver(() => Session)
export class SessionResolver {
  @Cost(weights.passwordHash)
  @Mutation(() => Tokens, {
    description:
      'Opens a session. UNAUTHENTICATED for a wrong e-mail or password, without telling which.',
  })
  login(
    @Arg('input', () => LoginInput, { description: 'Who logs in.' }) input: LoginInput,
    @Ctx() context: SubgraphContext,
  ): Promise<Tokens> {
    return login(context, input.email, input.password);
  }

  @Cost(weights.passwordHash)
  @Mutation(() => SignUpPayload, {
    description: 'Creates an organization and logs its first user in.',
  })
  signUp(
    @Arg('input', () => SignUpInput, { description: 'The organization and its first user.' })
    input: SignUpInput,
    @Ctx() context: SubgraphContext,
  ): Promise<SignUpPayload> {
    return signUp(context, input);
  }

  @Mutation(() => Tokens, {
    description: 'Exchanges a refresh token for new tokens. Using one twice ends the session.',
  })
  refreshToken(
    @Arg('input', () => RefreshTokenInput, { description: 'The token to exchange.' })
    input: RefreshTokenInput,
    @Ctx() context: SubgraphContext,
  ): Promise<Tokens> {
    return refreshSession(context, input.refreshToken);
  }

  @Mutation(() => LogoutPayload, {
    description: 'Ends the session: its tokens are refused from now on, its sockets closed.',
  })
  async logout(
    @Arg('input', () => LogoutInput, { nullable: true, description: 'May be left out.' })
    input: LogoutInput | null,
    @Ctx() context: SubgraphContext,
  ): Promise<LogoutPayload> {
    const { sessionId, subject } = requireIdentity(context);
    if (!sessionId) return { userErrors: [] };
    const now = new Date();
    const { cursor, userErrors } = await mutate(context, 'logout', input ?? {}, ({ manager }) =>
      endSessions(manager, { userId: subject, id: sessionId }, now),
    );
    await announce(context.services, [`session:${sessionId}`], now);
    return { cursor: cursor ?? null, userErrors };
  }

  @Query(() => User, {
    nullable: true,
    description: 'The user who is logged in; null for an API key.',
  })
  async me(@Ctx() context: SubgraphContext): Promise<User | undefined> {
    const { kind, subject } = requireIdentity(context);
    return kind === 'user' ? userById(context).load(subject) : undefined;
  }

  @ListSize({ assumedSize: sessionsShown })
  @Query(() => [Session], { description: "The caller's own open sessions, latest first." })
  async sessions(@Ctx() context: SubgraphContext): Promise<Session[]> {
    const { subject } = requireIdentity(context);
    const manager = await context.transaction.manager();
    return manager.find(Session, {
      where: { userId: subject, revokedAt: IsNull(), expiresAt: MoreThan(new Date()) },
      order: { createdAt: 'DESC' },
      take: sessionsShown,
    });
  }

  @FieldResolver(() => Boolean, { description: 'Whether this request belongs to it.' })
  current(@Root() { id }: Session, @Ctx() { identity }: SubgraphContext): boolean {
    return identity?.sessionId === id;
  }
}

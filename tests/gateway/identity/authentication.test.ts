// Who a request is taken for: by token, by API key, or nobody; and what no longer counts.
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { dataOf, graphql, login, stack } from '../../stack.ts';
import {
  type Member,
  type MemberRole,
  newApiKey,
  organizationWithMembers,
  password,
} from '../members.ts';

describe('authentication', () => {
  let people: Record<MemberRole, Member>;
  beforeAll(async () => {
    people = await organizationWithMembers('Authentication');
  });

  it('serves nobody what is open, and says what needs a login', async () => {
    const { status, data, errors } = await graphql('{ __typename me { id } pipelines { id } }');
    expect(status).toBe(200);
    expect(data).toBeNull();
    expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['me'], 'UNAUTHENTICATED'],
      [['pipelines'], 'UNAUTHENTICATED'],
    ]);
  });

  it('takes an API key for what its scopes allow', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, ['deals:read']);
    const { data, errors } = await graphql('{ deals { totalCount } }', {}, { apiKey });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ deals: { totalCount: 0 } });
    const other = await graphql('{ contacts { totalCount } }', {}, { apiKey });
    expect(other.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      rule: 'can contacts:read',
    });
  });

  it('refuses an API key at once when it is revoked', async () => {
    const { createApiKey } = await dataOf<{
      createApiKey: { secret: string; apiKey: { id: string } };
    }>(
      'mutation { createApiKey(input: { name: "Short", scopes: ["deals:read"] }) { secret apiKey { id } } }',
      {},
      people.ADMIN,
    );
    const asPartner = () =>
      graphql('{ deals { totalCount } }', {}, { apiKey: createApiKey.secret });
    expect((await asPartner()).status).toBe(200);
    await dataOf(
      'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { message } } }',
      { input: { id: createApiKey.apiKey.id } },
      people.ADMIN,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { status, errors } = await asPartner();
    expect([status, errors?.[0]?.extensions?.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('refuses an access token after its logout', async () => {
    const { accessToken: token } = await login(people.USER.email, password);
    expect((await graphql('{ me { id } }', {}, { token })).errors).toBeUndefined();
    await dataOf('mutation { logout { userErrors { message } } }', {}, { token });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await graphql('{ me { id } }', {}, { token })).status).toBe(401);
  });

  it('refuses a service token from outside', async () => {
    const token = mintServiceToken(stack().internalSecret, undefined);
    const { status, errors } = await graphql('{ __typename }', {}, { token });
    expect([status, errors?.[0]?.extensions?.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});

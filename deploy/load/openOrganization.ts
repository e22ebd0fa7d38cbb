// Logs in as an organization's administrator, after signing the organization up if need be.
import { RefusedError, type UserError } from './createMissing.ts';
import { type Credentials, type GraphClient, GraphRequestError } from './GraphClient.ts';

export interface NewOrganization extends Credentials {
  organizationName: string;
  /** Of the administrator. */
  name: string;
}

const signUp = `mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) { accessToken userErrors { code field message } }
}`;

/** True if the organization is new. Throws RefusedError when the address belongs to another login. */
export async function openOrganization(
  client: GraphClient,
  { organizationName, name, email, password }: NewOrganization,
): Promise<boolean> {
  const credentials = { email, password };
  if (await canLogIn(client, credentials)) return false;
  const { signUp: payload } = await client.request<{
    signUp: { accessToken: string | null; userErrors: UserError[] };
  }>(signUp, { input: { organizationName, name, email, password } });
  if (await canLogIn(client, credentials)) return payload.accessToken !== null;
  throw new RefusedError('signUp', payload.userErrors);
}

async function canLogIn(client: GraphClient, credentials: Credentials): Promise<boolean> {
  try {
    await client.login(credentials);
    return true;
  } catch (error) {
    if (error instanceof GraphRequestError && error.code === 'UNAUTHENTICATED') return false;
    throw error;
  }
}

// Who is on the graph of a siege: the organization that is to notice nothing, and those of the attacker,
// all signed up the way anybody can.
import { randomUUID } from 'node:crypto';
import { dataOf } from '../stack.ts';

export interface Parties {
  /** Of a user of the victim's organization. */
  victim: Login;
  /** Of the attacker's users; the first has the records. */
  attackers: readonly Login[];
}

export interface Login {
  email: string;
}

const password = 'a-long-siege-password';
const size = { companies: 10, contacts: 100, deals: 1_000 };
/** The longest that an interaction may have. */
const longText = { count: 20, body: 'a'.repeat(100_000) };
/** Of the attacker's: users of the first organization, and further organizations. */
const more = { users: 4, organizations: 3 };

export const openParties = async (url: string): Promise<Parties> => {
  const victim = await signUp(url, 'Victim');
  await createRecords(url, await tokenOf(url, victim));
  const attacker = await signUp(url, 'Attacker');
  const token = await tokenOf(url, attacker);
  const contactIds = await createRecords(url, token);
  await createLongTexts(url, token, contactIds);
  const attackers = [attacker];
  for (let count = 0; count < more.users; count += 1) attackers.push(await createUser(url, token));
  for (let count = 0; count < more.organizations; count += 1) {
    attackers.push(await signUp(url, `Attacker ${count + 2}`));
  }
  return { victim, attackers };
};

/** A new access token: a siege lasts longer than one is valid. */
export const tokenOf = async (url: string, { email }: Login): Promise<string> => {
  const { login } = await dataOf<{ login: { accessToken: string } }>(
    'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
    { input: { email, password } },
    { url },
  );
  return login.accessToken;
};

const newLogin = (): Login => ({ email: `${randomUUID()}@siege.example` });

const signUp = async (url: string, organizationName: string): Promise<Login> => {
  const login = newLogin();
  const input = { organizationName, name: organizationName, ...login, password };
  await dataOf(
    'mutation ($input: SignUpInput!) { signUp(input: $input) { accessToken } }',
    { input },
    { url },
  );
  return login;
};

const createUser = async (url: string, token: string): Promise<Login> => {
  const login = newLogin();
  const input = { name: 'Attacking user', role: 'ADMIN', ...login, password };
  await dataOf(
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    { input },
    { url, token },
  );
  return login;
};

/** Each company has as many of the contacts and deals as each other. Resolves to the contacts' ids. */
const createRecords = async (url: string, token: string): Promise<string[]> => {
  const { createPipeline } = await dataOf<{
    createPipeline: { pipeline: { stages: { id: string }[] } };
  }>(
    'mutation ($input: CreatePipelineInput!) { createPipeline(input: $input) { pipeline { stages { id } } } }',
    { input: { name: 'Sales', stages: [{ name: 'New', kind: 'OPEN' }] } },
    { url, token },
  );
  const [stage] = createPipeline.pipeline.stages;
  const create = async (kind: string, count: number, itemOf: (index: number) => object) => {
    const [type, one] = kinds[kind] ?? [];
    const { bulk } = await dataOf<{ bulk: { results: Record<string, { id: string }>[] } }>(
      `mutation ($input: BulkCreate${type}Input!) { bulk: bulkCreate${type}(input: $input) { results { record: ${one} { id } } } }`,
      { input: { items: Array.from({ length: count }, (_, index) => itemOf(index)) } },
      { url, token },
    );
    return bulk.results.map(({ record }) => record?.id ?? '');
  };
  const companyIds = await create('companies', size.companies, (index) => ({
    name: `Company ${index}`,
  }));
  const companyId = (index: number) => companyIds[index % companyIds.length];
  const contactIds = await create('contacts', size.contacts, (index) => ({
    firstName: 'Contact',
    lastName: String(index),
    companyId: companyId(index),
  }));
  await create('deals', size.deals, (index) => ({
    title: `Deal ${index}`,
    amount: { amount: String(index), currency: 'EUR' },
    stageId: stage?.id,
    companyId: companyId(index),
    contactId: contactIds[index % contactIds.length],
  }));
  return contactIds;
};

/** In the names of bulk mutations, and in their results. */
const kinds: Record<string, [type: string, one: string]> = {
  companies: ['Companies', 'company'],
  contacts: ['Contacts', 'contact'],
  deals: ['Deals', 'deal'],
};

const createLongTexts = async (
  url: string,
  token: string,
  contactIds: readonly string[],
): Promise<void> => {
  for (let count = 0; count < longText.count; count += 1) {
    await dataOf(
      'mutation ($input: CreateInteractionInput!) { createInteraction(input: $input) { interaction { id } } }',
      {
        input: {
          type: 'CALL',
          subject: `Call ${count}`,
          contactId: contactIds[count % contactIds.length],
          body: longText.body,
        },
      },
      { url, token },
    );
  }
};

// What happens to contacts, companies, interactions and tasks, live.
import { dataOf } from '../../stack.ts';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { createDeal, setUpSales } from './sales.ts';
import { subscribe } from './subscriber.ts';

type Received = Record<string, Record<string, unknown>>;

describe('subscriptions to other logs', () => {
  let people: Record<MemberRole, Member>;

  beforeAll(async () => {
    people = await organizationWithMembers('Other events');
  });

  const run = <T>(mutation: string, type: string, input: object) =>
    dataOf<T>(
      `mutation ($input: ${type}!) { ${mutation} }`,
      { input },
      { token: people.ADMIN.token },
    );

  it('bring contacts with what they are now, filtered, and as they last were when deleted', async () => {
    const selection =
      '{ type entityId actor { name } changes { field } contact { firstName } company { name } }';
    const all = await subscribe<Received>(`subscription { contactEvents ${selection} }`, {
      token: people.USER.token,
    });
    const companies = await subscribe<Received>(
      `subscription { contactEvents(filter: { types: [COMPANY_CREATED] }) ${selection} }`,
      { token: people.USER.token },
    );
    const { createContact } = await run<{ createContact: { contact: { id: string } } }>(
      'createContact(input: $input) { contact { id } userErrors { message } }',
      'CreateContactInput',
      { firstName: 'Ada', lastName: 'Lovelace' },
    );
    const { id } = createContact.contact;
    await run('createCompany(input: $input) { userErrors { message } }', 'CreateCompanyInput', {
      name: 'Engines',
    });
    await run('deleteContact(input: $input) { userErrors { message } }', 'DeleteContactInput', {
      id,
    });
    const events = (await all.until(3)).map(({ contactEvents }) => contactEvents);
    expect(events).toMatchObject([
      {
        type: 'CONTACT_CREATED',
        entityId: id,
        actor: { name: 'Admin' },
        contact: { firstName: 'Ada' },
      },
      { type: 'COMPANY_CREATED', contact: null, company: { name: 'Engines' } },
      { type: 'CONTACT_DELETED', entityId: id, contact: { firstName: 'Ada' } },
    ]);
    const only = (await companies.until(1)).map(({ contactEvents }) => contactEvents?.['type']);
    expect(only).toEqual(['COMPANY_CREATED']);
    await Promise.all([all.stop(), companies.stop()]);
  });

  it('bring tasks, but not the notifications of the same log', async () => {
    const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, people.USER);
    const tasks = await subscribe<Received>(
      'subscription { taskEvents { type task { title status } } }',
      { token: people.USER.token },
    );
    const { createTask } = await run<{ createTask: { task: { id: string } } }>(
      'createTask(input: $input) { task { id } userErrors { message } }',
      'CreateTaskInput',
      { title: 'Call', assigneeId: me.id },
    );
    await run('completeTask(input: $input) { userErrors { message } }', 'CompleteTaskInput', {
      id: createTask.task.id,
    });
    const events = (await tasks.until(2)).map(({ taskEvents }) => taskEvents);
    expect(events.map((event) => event?.['type'])).toEqual(['TASK_CREATED', 'TASK_COMPLETED']);
    expect(tasks.received).toHaveLength(2);
    await tasks.stop();
  });

  it('name no actor for what an API key did', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, [
      'deals:read',
      'deals:write',
      'events:read',
      'users:read',
    ]);
    const sales = await setUpSales(people.ADMIN.token);
    const { cursor } = await createDeal(sales, 'By a person');
    await dataOf(
      'mutation ($input: CreateDealInput!) { createDeal(input: $input) { userErrors { message } } }',
      {
        input: {
          title: 'By a key',
          stageId: sales.stages[0]?.id,
          amount: { amount: '1', currency: 'EUR' },
        },
      },
      { apiKey },
    );
    const events = await subscribe<Received>(
      'subscription ($after: String) { dealEvents(after: $after) { actor { name } deal { title } } }',
      { apiKey, variables: { after: cursor } },
    );
    const [first] = await events.until(1);
    expect(first?.['dealEvents']).toEqual({ actor: null, deal: { title: 'By a key' } });
    await events.stop();
  });
});

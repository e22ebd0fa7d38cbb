// The generic operations as one would write them by hand, by operation name. What is not here is one
// fetch, and handed to the subgraph of the deals as it comes.
import type { Fetches, Found } from './Fetches.ts';

type Answer = (fetches: Fetches, variables: Found) => Promise<object>;

const board = async (fetches: Fetches, args: string): Promise<object> => {
  const { data } = await fetches.ask(
    'deals',
    `{deals${args}{id title amount stage contact{id} owner{id}}}`,
  );
  const tasks = async () => {
    await fetches.fill('tasks', 'Deal', 'tasks{id title status assignee{id}}', data.deals);
    const assignees = data.deals.flatMap((deal: Found) => pluck(deal.tasks, 'assignee'));
    await fetches.fill('people', 'Person', 'name', assignees);
  };
  await Promise.all([
    fetches.fill('contacts', 'Contact', 'name email', pluck(data.deals, 'contact')),
    fetches.fill('people', 'Person', 'name', pluck(data.deals, 'owner')),
    tasks(),
  ]);
  return { data };
};

const list: Answer = async (fetches, { first }) => {
  const query = 'query($first:Int!){products(first:$first){id name category price}}';
  const { data } = await fetches.ask('catalogue', query, { first });
  await fetches.fill('stock', 'Product', 'available warehouse', data.products);
  return { data };
};

const abstract: Answer = async (fetches) => {
  const { data } = await fetches.ask(
    'tasks',
    `{timeline{__typename id at author{id}
      about{__typename ...on Deal{id}...on Contact{id}}
      ...on Call{minutes}...on Mail{subject recipient:to}...on Meeting{place guests{id}}}}`,
  );
  const activities: Found[] = data.timeline;
  const about = (type: string) =>
    pluck(activities, 'about').filter(({ __typename }) => __typename === type);
  const guests = activities.flatMap((activity) => activity.guests ?? []);
  await Promise.all([
    fetches.fill('people', 'Person', 'name team', [...pluck(activities, 'author'), ...guests]),
    fetches.fill('deals', 'Deal', 'title amount', about('Deal')),
    fetches.fill('contacts', 'Contact', 'name email', about('Contact')),
  ]);
  for (const activity of activities) {
    activity.author = { name: activity.author.name, team: activity.author.team };
    const { __typename, title, amount, name, email } = activity.about;
    activity.about = __typename === 'Deal' ? { title, amount } : { name, email };
    activity.guests &&= activity.guests.map((guest: Found) => ({ name: guest.name }));
  }
  return { data };
};

const errors: Answer = async (fetches) => {
  const { data } = await fetches.ask('deals', '{deals{id title}}');
  const found = await fetches.fill('ratings', 'Deal', 'rating', data.deals);
  return {
    data,
    errors: found?.map(({ message, path: [, index, field], extensions }) => ({
      message,
      path: ['deals', index, field],
      extensions,
    })),
  };
};

const deep: Answer = async (fetches) => {
  const { data } = await fetches.ask('deals', '{deals(first:20){id title amount}}');
  await fetches.fill('ratings', 'Deal', 'risk', data.deals, ['amount']);
  await fetches.fill('scores', 'Deal', 'score', data.deals, ['risk']);
  await fetches.fill('forecasts', 'Deal', 'forecast', data.deals, ['score']);
  const deals = data.deals.map(({ id, title, forecast }: Found) => ({ id, title, forecast }));
  return { data: { deals } };
};

const rename: Answer = async (fetches) => {
  const { data } = await fetches.ask(
    'deals',
    `mutation{one:renameDeal(id:"01980000-0000-7000-8000-000000000001",title:"One"){...Deal}
      two:renameDeal(id:"01980000-0000-7000-8000-000000000002",title:"Two"){...Deal}}
      fragment Deal on Deal{id title contact{id}}`,
  );
  const contacts = [data.one.contact, data.two.contact];
  await fetches.fill('contacts', 'Contact', 'name', contacts);
  for (const contact of contacts) delete contact.id;
  return { data };
};

export const byHand: Readonly<Record<string, Answer>> = {
  Board: (fetches) => board(fetches, ''),
  Boards: (fetches, { from }) => board(fetches, `(from:${from})`),
  List: list,
  Abstract: abstract,
  Errors: errors,
  Deep: deep,
  Rename: rename,
};

const pluck = (records: readonly Found[], field: string): Found[] =>
  records.map((record) => record[field]);

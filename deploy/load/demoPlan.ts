// What the demo organizations contain. Everything is drawn from a fixed seed and counted from a fixed
// day, so that two starts, and two machines, have the same records.
import { SeededRandom } from './SeededRandom.ts';

export const demoPassword = 'demo-password';

/** The day that the demo's dates are counted from. */
const today = Date.UTC(2026, 5, 30);
const dayMs = 24 * 60 * 60 * 1000;

export type DemoRole = 'ADMIN' | 'MANAGER' | 'USER';

export interface DemoUser {
  externalId: string;
  name: string;
  email: string;
  role: DemoRole;
  team: string;
  /** Only those who are listed as demo logins can log in. */
  password?: string;
  /** External id. */
  manager?: string;
}

export interface DemoCompany {
  externalId: string;
  name: string;
  domain: string;
  sector: string;
  location: string;
  employees: number;
  annualRevenue: { amount: string; currency: string };
  yearEstablished: number;
  parent?: string;
  owner: string;
}

export interface DemoContact {
  externalId: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  company: string;
  owner: string;
  tags: string[];
}

export interface DemoInteraction {
  externalId: string;
  contact: string;
  type: 'CALL' | 'EMAIL' | 'MEETING' | 'NOTE';
  subject: string;
  occurredAt: string;
}

export interface DemoProduct {
  externalId: string;
  name: string;
  series: string;
  price: { amount: string; currency: string };
}

export interface DemoDeal {
  externalId: string;
  title: string;
  company: string;
  contact: string;
  owner: string;
  amount: { amount: string; currency: string };
  product: string;
  quantity: number;
  openedOn: string;
  expectedCloseDate: string;
  /** Names of the stages it has been in, the last one now. */
  path: string[];
  closedOn: string;
  lostReason: string;
}

export interface DemoTask {
  externalId: string;
  title: string;
  status: 'OPEN' | 'IN_PROGRESS' | 'DONE';
  priority: 'LOW' | 'NORMAL' | 'HIGH' | 'URGENT';
  dueAt: string;
  assignee: string;
  contact?: string;
  deal?: string;
}

export interface DemoOrganization {
  name: string;
  admin: { name: string; email: string };
  users: DemoUser[];
  companies: DemoCompany[];
  contacts: DemoContact[];
  interactions: DemoInteraction[];
  products: DemoProduct[];
  deals: DemoDeal[];
  tasks: DemoTask[];
}

export const demoPipeline = {
  name: 'Sales',
  stages: [
    { name: 'Lead', kind: 'OPEN', probability: 10 },
    { name: 'Qualified', kind: 'OPEN', probability: 25 },
    { name: 'Proposal', kind: 'OPEN', probability: 50 },
    { name: 'Negotiation', kind: 'OPEN', probability: 75 },
    { name: 'Won', kind: 'WON', probability: 100 },
    { name: 'Lost', kind: 'LOST', probability: 0 },
  ],
} as const;

const openStages = demoPipeline.stages
  .filter(({ kind }) => kind === 'OPEN')
  .map(({ name }) => name);

interface Size {
  reps: number;
  companies: number;
  contacts: number;
  interactions: number;
  deals: number;
  tasks: number;
}

const firstNames = [
  'Ada',
  'Amir',
  'Bea',
  'Carlos',
  'Chen',
  'Dana',
  'Elif',
  'Femi',
  'Grace',
  'Hugo',
];
firstNames.push('Ines', 'Jonas', 'Kofi', 'Lea', 'Mara', 'Nadia', 'Omar', 'Priya', 'Rosa', 'Tomas');
const lastNames = ['Abbott', 'Becker', 'Costa', 'Diaz', 'Eriksen', 'Fischer', 'Garcia', 'Haddad'];
lastNames.push('Ito', 'Jensen', 'Kaya', 'Lindqvist', 'Moreau', 'Novak', 'Okafor', 'Patel', 'Rossi');
const companyHeads = [
  'Northwind',
  'Blue Ridge',
  'Cedar',
  'Delta',
  'Evergreen',
  'Falcon',
  'Granite',
];
companyHeads.push(
  'Harbor',
  'Ironwood',
  'Juniper',
  'Keystone',
  'Lumen',
  'Meridian',
  'Nimbus',
  'Orchard',
);
const companyTails = ['Foods', 'Logistics', 'Medical', 'Software', 'Textiles', 'Energy', 'Retail'];
const sectors: Record<string, string> = {
  Foods: 'retail',
  Logistics: 'services',
  Medical: 'medical',
  Software: 'software',
  Textiles: 'manufacturing',
  Energy: 'energy',
  Retail: 'retail',
};
const locations = ['Berlin', 'Boston', 'Lisbon', 'Nairobi', 'Oslo', 'Pune', 'Sao Paulo', 'Toronto'];
const tags = ['decision maker', 'champion', 'newsletter', 'technical', 'billing', 'event 2026'];
const subjects = {
  CALL: ['Introduction', 'Follow-up on the offer', 'Question about delivery'],
  EMAIL: ['Sent the price list', 'Answered the security questions', 'Thanks for the visit'],
  MEETING: ['Product demonstration', 'Contract review', 'Quarterly review'],
  NOTE: ['Budget is decided in autumn', 'Prefers e-mail', 'Knows our product from before'],
} as const;
const chores = ['Call back', 'Send the offer', 'Prepare the demonstration', 'Check the contract'];
chores.push('Ask for a reference', 'Schedule a visit', 'Update the forecast');
const lostReasons = ['Price', 'Chose another supplier', 'No budget', 'No decision'];
const products = [
  { name: 'Starter', series: 'Base', price: '490' },
  { name: 'Team', series: 'Base', price: '1900' },
  { name: 'Business', series: 'Plus', price: '5400' },
  { name: 'Enterprise', series: 'Plus', price: '18500' },
  { name: 'Onboarding', series: 'Services', price: '1200' },
  { name: 'Training Day', series: 'Services', price: '950' },
];

const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10);
const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

export function demoOrganizations(): DemoOrganization[] {
  return [
    plan('Acme', 20260630, {
      reps: 5,
      companies: 24,
      contacts: 48,
      interactions: 60,
      deals: 60,
      tasks: 40,
    }),
    plan('Globex', 20260701, {
      reps: 2,
      companies: 10,
      contacts: 20,
      interactions: 20,
      deals: 20,
      tasks: 16,
    }),
  ];
}

function plan(name: string, seed: number, size: Size): DemoOrganization {
  const random = new SeededRandom(seed);
  const numbered = <Item>(count: number, make: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => make(index));
  const domain = `${slug(name)}.example`;
  const users = demoUsers(random, name, domain, size.reps);
  const owners = users.map(({ externalId }) => externalId);
  const companies = demoCompanies(random, size.companies, owners);
  const contacts = numbered(size.contacts, (index) => {
    const company = companies[index % companies.length] ?? random.pick(companies);
    return demoContact(random, index, company, owners);
  });
  const catalogue = products.map(({ price, ...product }) => ({
    ...product,
    externalId: `demo-product-${slug(product.name)}`,
    price: { amount: price, currency: 'USD' },
  }));
  const deals = numbered(size.deals, (index) =>
    demoDeal(random, index, random.pick(contacts), random.pick(catalogue), owners),
  );
  return {
    name,
    admin: { name: `${name} Admin`, email: `admin@${domain}` },
    users,
    companies,
    contacts,
    interactions: numbered(size.interactions, (index) =>
      demoInteraction(random, index, random.pick(contacts)),
    ),
    products: catalogue,
    deals,
    tasks: numbered(size.tasks, (index) => demoTask(random, index, contacts, deals, owners)),
  };
}

function demoUsers(
  random: SeededRandom,
  organization: string,
  domain: string,
  reps: number,
): DemoUser[] {
  // Globex has one login, its administrator; only Acme's roles are there to be tried out.
  const password = organization === 'Acme' ? { password: demoPassword } : {};
  const manager: DemoUser = {
    externalId: 'demo-user-manager',
    name: `${organization} Manager`,
    email: `manager@${domain}`,
    role: 'MANAGER',
    team: 'North',
    ...password,
  };
  const rep: DemoUser = {
    externalId: 'demo-user-rep',
    name: `${organization} Rep`,
    email: `rep@${domain}`,
    role: 'USER',
    team: 'North',
    manager: manager.externalId,
    ...password,
  };
  const others = Array.from({ length: reps }, (_, index): DemoUser => {
    const first = firstNames[(index * 3) % firstNames.length] ?? random.pick(firstNames);
    const last = random.pick(lastNames);
    return {
      externalId: `demo-user-${index + 1}`,
      name: `${first} ${last}`,
      email: `${slug(first)}.${slug(last)}.${index + 1}@${domain}`,
      role: 'USER',
      team: index % 2 === 0 ? 'North' : 'South',
      manager: manager.externalId,
    };
  });
  return [manager, rep, ...others];
}

function demoCompanies(random: SeededRandom, count: number, owners: string[]): DemoCompany[] {
  return Array.from({ length: count }, (_, index): DemoCompany => {
    const head = companyHeads[index % companyHeads.length] ?? random.pick(companyHeads);
    const tail =
      companyTails[(index * 2 + Math.floor(index / 15)) % companyTails.length] ?? 'Foods';
    const name = `${head} ${tail}`;
    // Every sixth company belongs to one of the first two, which belong to nobody.
    const parent =
      index > 1 && index % 6 === 0 ? { parent: `demo-company-${1 + (index % 2)}` } : {};
    return {
      externalId: `demo-company-${index + 1}`,
      name,
      domain: `${slug(name)}.example`,
      sector: sectors[tail] ?? 'services',
      location: random.pick(locations),
      employees: random.integer(5, 9_000),
      annualRevenue: { amount: String(random.integer(2, 900) * 100_000), currency: 'USD' },
      yearEstablished: random.integer(1950, 2022),
      owner: random.pick(owners),
      ...parent,
    };
  });
}

function demoContact(
  random: SeededRandom,
  index: number,
  company: DemoCompany,
  owners: string[],
): DemoContact {
  const firstName = random.pick(firstNames);
  const lastName = random.pick(lastNames);
  return {
    externalId: `demo-contact-${index + 1}`,
    firstName,
    lastName,
    email: `${slug(firstName)}.${slug(lastName)}.${index + 1}@${company.domain}`,
    // 555-01xx is reserved for fiction.
    phone: `+1 202 555 01${String(random.integer(0, 99)).padStart(2, '0')}`,
    company: company.externalId,
    owner: random.pick(owners),
    tags: tags.filter(() => random.chance(0.25)),
  };
}

function demoInteraction(
  random: SeededRandom,
  index: number,
  contact: DemoContact,
): DemoInteraction {
  const type = random.pick(['CALL', 'EMAIL', 'MEETING', 'NOTE'] as const);
  const time = today - random.integer(0, 180) * dayMs + random.integer(8 * 60, 17 * 60) * 60_000;
  return {
    externalId: `demo-interaction-${index + 1}`,
    contact: contact.externalId,
    type,
    subject: random.pick(subjects[type]),
    occurredAt: new Date(time).toISOString(),
  };
}

function demoDeal(
  random: SeededRandom,
  index: number,
  contact: DemoContact,
  product: DemoProduct,
  owners: string[],
): DemoDeal {
  const quantity = random.integer(1, 8);
  const opened = today - random.integer(20, 240) * dayMs;
  const closed = opened + random.integer(10, 90) * dayMs;
  // All six stages occur, whatever the dice say.
  const last = demoPipeline.stages[index % demoPipeline.stages.length] ?? demoPipeline.stages[0];
  const open = openStages.indexOf(last.name);
  const before = open < 0 ? openStages.slice(0, random.integer(1, 4)) : openStages.slice(0, open);
  return {
    externalId: `demo-deal-${index + 1}`,
    title: `${product.name} x ${quantity} for ${contact.firstName} ${contact.lastName}`,
    company: contact.company,
    contact: contact.externalId,
    owner: random.pick(owners),
    amount: { amount: String(Number(product.price.amount) * quantity), currency: 'USD' },
    product: product.externalId,
    quantity,
    openedOn: isoDay(opened),
    expectedCloseDate: isoDay(closed + random.integer(-10, 30) * dayMs),
    path: [...before, last.name],
    closedOn: isoDay(Math.min(closed, today)),
    lostReason: random.pick(lostReasons),
  };
}

function demoTask(
  random: SeededRandom,
  index: number,
  contacts: DemoContact[],
  deals: DemoDeal[],
  owners: string[],
): DemoTask {
  const contact = random.pick(contacts);
  const deal = random.pick(deals);
  const time = today + random.integer(-30, 60) * dayMs + random.integer(8, 17) * 60 * 60_000;
  return {
    externalId: `demo-task-${index + 1}`,
    title: random.pick(chores),
    status: random.pick(['OPEN', 'OPEN', 'IN_PROGRESS', 'DONE'] as const),
    priority: random.pick(['LOW', 'NORMAL', 'NORMAL', 'HIGH', 'URGENT'] as const),
    dueAt: new Date(time).toISOString(),
    assignee: random.pick(owners),
    ...(random.chance(0.4) ? { contact: contact.externalId } : { deal: deal.externalId }),
  };
}

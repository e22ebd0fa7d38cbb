// A graph made to be measured: a sales board over four subgraphs, lists of any size, abstract types,
// a subgraph that fails partly, and a chain of @requires.
import type { SubgraphDefinition } from './CannedSubgraph.ts';

const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
`;

const deals = `
  type Query {
    deals(first: Int = 50, from: Int = 0): [Deal!]!
    deal(id: ID!): Deal
  }
  type Mutation {
    renameDeal(id: ID!, title: String!): Deal!
  }
  enum Stage { NEW OFFERED WON LOST }
  type Deal @key(fields: "id") {
    id: ID!
    title: String!
    amount: Float!
    stage: Stage!
    contact: Contact!
    owner: Person!
  }
  type Contact @key(fields: "id", resolvable: false) { id: ID! }
  type Person @key(fields: "id", resolvable: false) { id: ID! }
`;

const contacts = `
  type Query { contact(id: ID!): Contact }
  type Contact @key(fields: "id") { id: ID! name: String! email: String! phone: String }
`;

const tasks = `
  type Query { timeline(first: Int = 60): [Activity!]! }
  type Deal @key(fields: "id") { id: ID! tasks: [Task!]! }
  type Task @key(fields: "id") { id: ID! title: String! status: String! assignee: Person! }
  interface Activity { id: ID! at: String! author: Person! about: Subject! }
  type Call implements Activity {
    id: ID! at: String! author: Person! about: Subject!
    minutes: Int!
  }
  type Mail implements Activity {
    id: ID! at: String! author: Person! about: Subject!
    subject: String!
    to: String!
  }
  type Meeting implements Activity {
    id: ID! at: String! author: Person! about: Subject!
    place: String
    guests: [Person!]!
  }
  union Subject = Deal | Contact
  type Contact @key(fields: "id", resolvable: false) { id: ID! }
  type Person @key(fields: "id", resolvable: false) { id: ID! }
`;

const people = `
  type Query { person(id: ID!): Person }
  type Person @key(fields: "id") { id: ID! name: String! team: String }
`;

const catalogue = `
  type Query { products(first: Int!): [Product!]! }
  type Product @key(fields: "id") { id: ID! name: String! category: String! price: Float! }
`;

const stock = `
  type Query { warehouses: [String!]! }
  type Product @key(fields: "id") { id: ID! available: Int! warehouse: String }
`;

const ratings = `
  type Query { ratedDeals: Int! }
  type Deal @key(fields: "id") {
    id: ID!
    amount: Float! @external
    rating: Float
    risk: Float! @requires(fields: "amount")
  }
`;

const scores = `
  type Query { bestScore: Float! }
  type Deal @key(fields: "id") {
    id: ID!
    risk: Float! @external
    score: Float! @requires(fields: "risk")
  }
`;

const forecasts = `
  type Query { lastForecast: String! }
  type Deal @key(fields: "id") {
    id: ID!
    score: Float! @external
    forecast: String! @requires(fields: "score")
  }
`;

interface Rated {
  id: string;
  amount: number;
  risk: number;
  score: number;
}

/** About one in five is not rated. */
const rating = ({ id }: Rated): number => {
  const digit = Number.parseInt(id.slice(-1), 16);
  if (digit % 6 === 0) throw new TypeError('This deal could not be rated.');
  return digit / 2;
};

export const genericGraph: Readonly<Record<string, SubgraphDefinition>> = {
  deals: { sdl: link + deals },
  contacts: { sdl: link + contacts },
  tasks: { sdl: link + tasks },
  people: { sdl: link + people },
  catalogue: { sdl: link + catalogue },
  stock: { sdl: link + stock },
  ratings: {
    sdl: link + ratings,
    resolvers: {
      Deal: { rating, risk: ({ amount }: Rated) => amount / 16 },
    },
  },
  scores: { sdl: link + scores, resolvers: { Deal: { score: ({ risk }: Rated) => risk + 1 } } },
  forecasts: {
    sdl: link + forecasts,
    resolvers: { Deal: { forecast: ({ score }: Rated) => `about ${score}` } },
  },
};

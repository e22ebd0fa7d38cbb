// Mutations over several subgraphs, with effects whose order shows: in the record of them, and in
// fields that say how many came before.
import type { TestResolver } from '../TestSubgraph.ts';
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const revision: TestResolver = ({ effects }) => effects.length;

const accounts = `
  type Query { account(id: ID!): Account  accounts: [Account!]  revision: Int! }
  type Mutation {
    open(input: OpenInput!): OpenPayload!
    close(id: ID!, reasons: [Reason!] = [OTHER]): Account
    rename(id: ID!, name: String): Account!
  }
  input OpenInput { name: String! limits: [LimitInput] = [{ amount: 3 }] parent: ID }
  input LimitInput { amount: Int! = 1 unit: String = "day" }
  enum Reason { MOVED DEAD OTHER }
  type OpenPayload { account: Account query: Query! revision: Int! problems: [Problem!]! }
  type Problem { text: String! field: [String!] }
  type Account @key(fields: "id") { id: ID! name: String revision: Int! children: [Account] }
`;

const postings = `
  type Query { postings(of: ID): [Posting!]!  revision2: Int }
  type Mutation {
    post(from: ID!, to: ID!, amount: Float!): Posting
    undo(posting: ID!): UndoResult
    audit: [Account]
  }
  union UndoResult = Posting | Refusal
  type Refusal { reason: String! account: Account query: Query }
  type Posting @key(fields: "id") { id: ID! from: Account! to: Account amount: Float! revision: Int! }
  type Account @key(fields: "id") {
    id: ID!
    name: String @external
    balance: Float
    postings(last: Int = 2): [Posting]
    statement: String @requires(fields: "name")
    seen: Int!
  }
`;

const alerts = `
  type Query { alerts: [Alert] }
  type Mutation { silence(account: ID!): Alert!  alertAll(accounts: [ID!]!): [Alert] }
  interface Alert { level: Int! account: Account }
  type Mail implements Alert { level: Int! account: Account! to: String }
  type Call implements Alert { level: Int! account: Account number: String! }
  type Account @key(fields: "id") { id: ID! alerts: [Alert!] isSilent: Boolean! }
  type Posting @key(fields: "id") { id: ID! alert: Alert checked: Int! }
`;

export const ledger: SupergraphDefinition = {
  name: 'ledger',
  subgraphs: [
    {
      name: 'accounts',
      sdl: accounts,
      resolvers: { Account: { revision }, OpenPayload: { revision }, Query: { revision } },
    },
    {
      name: 'postings',
      sdl: postings,
      resolvers: {
        Account: { seen: revision },
        Posting: { revision },
        Query: { revision2: revision },
      },
    },
    { name: 'alerts', sdl: alerts, resolvers: { Posting: { checked: revision } } },
  ],
};

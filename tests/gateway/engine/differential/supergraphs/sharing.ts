// Value types and fields that several subgraphs answer, fields that moved from one to another, and
// what clients may not see: fields, arguments, enum values, types of unions and of interfaces.
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const first = `
  type Query {
    now: Moment! @shareable
    user(id: ID!, hidden: Int @inaccessible): User
    users: [User]
    things: [Thing]
    visible: Visible
    secret: Secret @inaccessible
  }
  type Moment @shareable { at: String! zone: Zone parts: [Part!] }
  type Zone @shareable { name: String! offset: Int }
  type Part @shareable { name: String value: Float }
  type User @key(fields: "id") @key(fields: "internal") {
    id: ID!
    internal: String! @inaccessible
    name: String! @shareable
    address: Address @shareable
    addresses: [Address!]! @shareable
    status: Status
    moved: String
    friends: [User!] @shareable
  }
  type Address @shareable { street: String city: Place zip: String @inaccessible }
  type Place @shareable { name: String! }
  enum Status { ACTIVE AWAY GONE @inaccessible }
  union Thing = User | Secret | Tool
  type Secret @inaccessible { code: String! }
  type Tool @key(fields: "id") { id: ID! status: Status! statuses: [Status] owner: User }
  interface Visible { label: String }
  type Shown implements Visible { label: String status: Status }
  type Unseen implements Visible @inaccessible { label: String }
`;

const second = `
  type Query { now: Moment! @shareable  tools(of: ID): [Tool!]  team: Team }
  type Moment @shareable { at: String! zone: Zone parts: [Part!] epoch: Float }
  type Zone @shareable { name: String! offset: Int isSummer: Boolean }
  type Part @shareable { name: String value: Float }
  type Team { lead: User! members: [User!]! places: [Place] }
  type Place @shareable { name: String! }
  type User @key(fields: "id") {
    id: ID!
    name: String! @shareable
    friends: [User!] @shareable
    moved: String @override(from: "first")
    score: Float
    tools: [Tool]
  }
  type Tool @key(fields: "id") { id: ID! price: Float! kind: Kind }
  enum Kind { HAND POWER }
`;

const third = `
  type Query { now: Moment! @shareable  place(name: String!): Place  kinds: [Kind!] }
  type Moment @shareable { at: String! zone: Zone parts: [Part!] }
  type Zone @shareable { name: String! offset: Int }
  type Part @shareable { name: String value: Float }
  type User @key(fields: "internal") {
    internal: String!
    address: Address @shareable
    addresses: [Address!]! @shareable
    badge: String!
    watched: [User]
  }
  type Address @shareable { street: String city: Place zip: String @inaccessible }
  type Place @shareable { name: String! }
  enum Kind { HAND POWER }
`;

export const sharing: SupergraphDefinition = {
  name: 'sharing',
  subgraphs: [
    { name: 'first', sdl: first },
    { name: 'second', sdl: second },
    { name: 'third', sdl: third },
  ],
};

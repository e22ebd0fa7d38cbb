// Long chains of @requires over lists, with fragments in what is required, through interfaces, and
// back to entities that were visited before.
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const owners = `
  type Query { owner(id: ID!): Owner  owners(first: Int = 3): [Owner!]  pets: [Pet] }
  type Owner @key(fields: "id") { id: ID! name: String pets: [Pet] favorite: Pet home: Home }
  type Home @key(fields: "id") { id: ID! street: String! rooms: Int }
  interface Pet { id: ID! name: String }
  type Dog implements Pet @key(fields: "id") { id: ID! name: String! bark: String friends: [Pet!] }
  type Cat implements Pet @key(fields: "id") { id: ID! name: String meow: Int! rivals: [Dog!] }
`;

const vets = `
  type Query { vets: [Vet!]!  patients(of: ID): [Patient] }
  type Vet @key(fields: "id") { id: ID! patients: [Patient] owner: Owner }
  union Patient = Dog | Cat
  interface Pet { id: ID! }
  type Owner @key(fields: "id") {
    id: ID!
    favorite: Pet @external
    pets: [Pet] @external
    bill: String @requires(fields: "favorite { ... on Dog { bark } ... on Cat { meow } }")
    advice(polite: Boolean! = true): String @requires(fields: "pets { __typename id }")
    vet: Vet
  }
  type Dog implements Pet @key(fields: "id") {
    id: ID!
    bark: String @external
    weight: Float
    health: String @requires(fields: "bark")
  }
  type Cat implements Pet @key(fields: "id") {
    id: ID!
    meow: Int! @external
    weight: Float!
    health: String @requires(fields: "meow")
  }
`;

const food = `
  type Query { meals: [Meal] }
  type Meal { name: String! for: Patient! cook: Owner }
  union Patient = Dog | Cat
  type Owner @key(fields: "id", resolvable: false) { id: ID! }
  type Dog @key(fields: "id") {
    id: ID!
    weight: Float @external
    health: String @external
    meal: Meal @requires(fields: "weight")
    diet: String! @requires(fields: "health weight")
  }
  type Cat @key(fields: "id") {
    id: ID!
    health: String @external
    diet: String @requires(fields: "health")
    meals: [Meal!]
  }
  type Home @key(fields: "id") {
    id: ID!
    rooms: Int @external
    kitchen: String @requires(fields: "rooms")
  }
`;

const shops = `
  type Query { shop: Shop! }
  type Shop { name: String customers: [Owner] }
  type Dog @key(fields: "id") {
    id: ID!
    diet: String! @external
    order: Order @requires(fields: "diet")
  }
  type Cat @key(fields: "id") { id: ID! diet: String @external order: Order! @requires(fields: "diet") }
  type Order { sum: Float! text: String shop: Shop }
  type Owner @key(fields: "id") {
    id: ID!
    bill: String @external
    credit: Int @requires(fields: "bill")
    home: Home @external
    parcel: String! @requires(fields: "home { street kitchen }")
  }
  type Home @key(fields: "id") { id: ID! street: String! @external  kitchen: String @external }
`;

export const pets: SupergraphDefinition = {
  name: 'pets',
  subgraphs: [
    { name: 'owners', sdl: owners },
    { name: 'vets', sdl: vets },
    { name: 'food', sdl: food },
    { name: 'shops', sdl: shops },
  ],
};

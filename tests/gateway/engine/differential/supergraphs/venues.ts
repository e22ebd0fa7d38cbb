// Keys of keys: nested entity keys, keys with lists, keys that are null, nested @requires over lists.
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const seats = `
  type Query { seats(row: String): [Seat!]!  seat: Seat  halls: [Hall]  bundles: [Bundle!]! }
  type Hall @key(fields: "venue { city { code } name }") {
    venue: Venue!
    seats: [Seat!]
    bundle: Bundle
  }
  type Venue @shareable { name: String! city: City! }
  type City @shareable { code: ID! mayor: String }
  type Seat @key(fields: "hall { venue { name city { code } } } number") {
    hall: Hall!
    number: Int!
    row: String
    neighbours: [Seat]
  }
  type Bundle @key(fields: "seats { number } code") {
    code: String
    seats: [Seat!]!
    discount: Float!
    gifts: [Gift]
  }
  type Gift @key(fields: "code") { code: String }
`;

const bookings = `
  type Query { bookings(first: Int = 2): [Booking!]!  guest(id: ID = "Guest:1.id"): Guest }
  type Booking @key(fields: "id") { id: ID! seats: [Seat!] guest: Guest bundle: Bundle }
  type Guest @key(fields: "id") @key(fields: "card") {
    id: ID!
    card: String
    name: String
    bookings: [Booking]
  }
  type Hall @key(fields: "venue { city { code } name }") { venue: Venue! }
  type Venue @shareable { name: String! city: City! }
  type City @shareable { code: ID! }
  type Seat @key(fields: "hall { venue { name city { code } } } number") {
    hall: Hall!
    number: Int!
    isTaken: Boolean!
    holder: Guest
  }
  type Bundle @key(fields: "seats { number } code") { code: String  seats: [Seat!]!  sold: Int }
`;

const prices = `
  type Query { rates: [Rate] }
  type Rate { name: String!  value: Float  halls: [Hall!] }
  type Guest @key(fields: "card") {
    card: String
    name: String @external
    level: Level!
    bookings: [Booking] @external
    spent: String @requires(fields: "bookings { id seats { number } }")
  }
  enum Level { BRONZE SILVER GOLD }
  type Booking @key(fields: "id") {
    id: ID!
    seats: [Seat!] @external
    guest: Guest @external
    total(currency: String = "EUR"): String
      @requires(fields: "seats { number isTaken } guest { name level }")
  }
  type Seat @key(fields: "hall { venue { name city { code } } } number") {
    hall: Hall!
    number: Int!
    isTaken: Boolean! @external
    row: String @external
    price: Float @requires(fields: "row isTaken")
  }
  type Hall @key(fields: "venue { city { code } name }") { venue: Venue!  rate: Rate }
  type Venue @shareable { name: String! city: City! }
  type City @shareable { code: ID! }
  type Gift @key(fields: "code") { code: String worth: Float  text: String! }
`;

export const venues: SupergraphDefinition = {
  name: 'venues',
  subgraphs: [
    { name: 'seats', sdl: seats },
    { name: 'bookings', sdl: bookings },
    { name: 'prices', sdl: prices },
  ],
};

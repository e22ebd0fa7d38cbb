// Several keys of one entity, compound keys, @requires chains with and without arguments, @provides.
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const products = `
  type Query {
    product(id: ID!): Product
    products(first: Int = 3, filter: ProductFilter = { inStock: true }, ids: [ID!]): [Product!]!
    topProduct: Product!
    brands: [Brand]
  }
  input ProductFilter {
    name: String
    inStock: Boolean! = false
    tags: [String!] = ["new"]
    price: PriceRange
    any: [ProductFilter!]
  }
  input PriceRange { min: Float = 0.5 max: Float currency: Currency = EUR }
  enum Currency { EUR USD GBP }
  type Product @key(fields: "id") @key(fields: "sku") {
    id: ID!
    sku: String!
    name: String! @shareable
    description(length: Int, style: String = "plain"): String
    price(currency: Currency! = EUR): Float
    weight: Float
    brand: Brand
    related(first: Int = 2): [Product]
    tags: [String!]
  }
  type Brand @key(fields: "name country { code }") {
    name: String!
    country: Country!
    products: [Product!]
  }
  type Country @shareable { code: ID! label: String }
`;

const inventory = `
  enum Currency { EUR USD GBP }
  type Query { warehouse(id: ID!): Warehouse  scarce(most: Int! = 5): [Product!] }
  type Warehouse @key(fields: "id") { id: ID! city: String! products: [Product] manager: Person }
  type Product @key(fields: "id") {
    id: ID!
    price(currency: Currency! = EUR): Float @external
    weight: Float @external
    tags: [String!] @external
    inStock: Boolean!
    stock(warehouse: ID): Int
    warehouse: Warehouse
    shipping: Float @requires(fields: "weight")
    shippingUSD: Float @requires(fields: "price(currency: USD) weight")
    shippingGBP: String! @requires(fields: "price(currency: GBP)")
    labels: [String!] @requires(fields: "tags")
  }
  type Person @key(fields: "email") { email: ID! }
`;

const delivery = `
  type Query { carriers: [Carrier!] }
  type Carrier { name: String! ships: [Product] }
  type Product @key(fields: "sku") {
    sku: String!
    shipping: Float @external
    shippingGBP: String! @external
    inStock: Boolean! @external
    delivery(express: Boolean = false, zip: String): Delivery @requires(fields: "shipping inStock")
    note: String @requires(fields: "shippingGBP")
  }
  type Delivery { days: Int! cost: Float carrier: Carrier summary(short: Boolean): String! }
`;

const reviews = `
  type Query { reviews(of: ID, ratings: [Int!]): [Review]  me: Person }
  type Review @key(fields: "id") {
    id: ID!
    rating: Int
    text: String!
    product: Product! @provides(fields: "name")
    author: Person
  }
  type Product @key(fields: "id") {
    id: ID!
    name: String! @external
    reviews(first: Int): [Review!]!
    score: Float
  }
  type Person @key(fields: "email") { email: ID! name: String reviews: [Review] trusted: Boolean! }
  type Brand @key(fields: "name country { code }") {
    name: String! @external
    country: Country! @external
    rating: Float
    fans: [Person!]
  }
  type Country @shareable { code: ID! }
`;

export const catalog: SupergraphDefinition = {
  name: 'catalog',
  subgraphs: [
    { name: 'products', sdl: products },
    { name: 'inventory', sdl: inventory },
    { name: 'delivery', sdl: delivery },
    { name: 'reviews', sdl: reviews },
  ],
};

// Interfaces that implement interfaces, unions, an entity interface with an @interfaceObject, and
// fields whose nullability differs between an interface and its types, which plans rename on the way.
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const library = `
  type Query {
    media(id: ID!): Media
    shelf(kind: String, first: Int = 4): [Media!]
    nodes: [Node]
    search(text: String!): [SearchResult]
    newest: Book
    favorite: SearchResult!
  }
  interface Node { id: ID! }
  interface Named implements Node { id: ID! title: String }
  interface Media implements Node & Named @key(fields: "id") {
    id: ID!
    title: String
    creator: Creator
    similar: [Media]
  }
  type Book implements Media & Node & Named @key(fields: "id") {
    id: ID!
    title: String!
    creator: Author
    similar: [Book!]
    pages: Int
    size: Size!
    cover: Cover
  }
  type Movie implements Media & Node & Named @key(fields: "id") {
    id: ID!
    title: String
    creator: Studio
    similar: [Media]
    minutes: Int!
    size: Size
    cover: Cover!
  }
  type Song implements Media & Node & Named @key(fields: "id") {
    id: ID!
    title: String
    creator: Creator!
    similar: [Song]
    minutes: Float
  }
  interface Creator { name: String! }
  type Author implements Creator & Node @key(fields: "id") { id: ID! name: String! born: Int }
  type Studio implements Creator { name: String! founded: Int employees: [Author!] }
  union SearchResult = Book | Author | Movie | Studio
  type Size { width: Float! height: Float }
  type Cover { url: String! size: Size }
`;

const ratings = `
  type Query { bestRated(first: Int): [Media!]!  judges: [Judge!] }
  type Media @key(fields: "id") @interfaceObject {
    id: ID!
    stars: Int!
    comments(first: Int = 2): [Comment]
    judge: Judge
  }
  interface Judge { name: String! }
  type Critic implements Judge { name: String! paper: String }
  type Crowd implements Judge { name: String! size: Int! favorites: [Media] }
  type Comment { text: String! on: Media! by: Author }
  type Author @key(fields: "id") { id: ID! }
`;

const people = `
  type Query { author(id: ID!): Author  everyone: [Human!] }
  union Human = Author | Reader
  type Author @key(fields: "id") { id: ID! bio(lines: Int! = 2): String awards: [Award!] }
  type Reader @key(fields: "id") { id: ID! nick: String! follows: [Human] reads: [Book] }
  interface Award { year: Int }
  type Prize implements Award { year: Int! amount: Float }
  type Medal implements Award { year: Int color: Color! }
  enum Color { GOLD SILVER BRONZE }
  type Book @key(fields: "id") { id: ID! readers: [Reader!] blurb: String }
  type Movie @key(fields: "id") { id: ID! blurb: String! trailer: String }
`;

export const media: SupergraphDefinition = {
  name: 'media',
  subgraphs: [
    { name: 'library', sdl: library },
    { name: 'ratings', sdl: ratings },
    { name: 'people', sdl: people },
  ],
  families: { Media: ['Book', 'Movie', 'Song'] },
};

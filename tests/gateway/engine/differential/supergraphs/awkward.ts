// Names that JavaScript's objects have already, wherever GraphQL allows a name: but not in inputs,
// which graphql-js itself reads as if they were inherited.
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const first = `
  scalar JSON
  type Query {
    constructor: Function
    toString(valueOf: Int = 3, hasOwnProperty: Options): String
    valueOf: [Function]
    isPrototypeOf: Callable
    object: JSON
  }
  input Options { name: Int = 1 length: [toString!] arguments: Options }
  enum toString { constructor valueOf length }
  interface Callable { length: Int constructor: Function }
  type Function implements Callable @key(fields: "prototype { then } toString") @key(fields: "id") {
    id: ID!
    constructor: Function
    toString: String!
    length: Int!
    hasOwnProperty(toString: String, constructor: toString = length): Boolean
    prototype: prototype
    valueOf: toString
  }
  type prototype { constructor: Function! toLocaleString: String then: String @shareable }
`;

const second = `
  scalar JSON
  type Query { hasOwnProperty: [Function!]  then: Int  propertyIsEnumerable: Object }
  union Object = Function | Class
  type Class { constructor: Function name: String prototype: JSON }
  type Function @key(fields: "id") {
    id: ID!
    length: Int! @external
    valueOfLength: Int @requires(fields: "length")
    call(this: JSON, arguments: [Int]): JSON
    apply: [Object]
  }
`;

const third = `
  type Query { valueOfThird: Int }
  type Function @key(fields: "prototype { then } toString") {
    prototype: prototype
    toString: String!
    bind: Function
    isPrototypeOf: Boolean
  }
  type prototype { then: String @shareable }
`;

export const awkward: SupergraphDefinition = {
  name: 'awkward',
  subgraphs: [
    { name: 'first', sdl: first },
    { name: 'second', sdl: second },
    { name: 'third', sdl: third },
  ],
};

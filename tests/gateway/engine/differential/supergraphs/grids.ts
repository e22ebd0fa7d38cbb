// Lists of lists of entities with null allowed at every level in turn, and scalars of all kinds.
import type { SupergraphDefinition } from '../TestSupergraph.ts';

const boards = `
  scalar JSON
  type Query {
    board(id: ID!): Board
    boards: [[Board]]
    cube: [[[Cell]!]]!
    matrix(rows: [[Int!]!] = [[1, 2], [3]], options: JSON): [[Cell!]!]!
    pieces: [[Piece!]]
    anything(input: JSON, deep: Deep): JSON
  }
  input Deep { list: [[Deep]] value: JSON ratio: Float = 1.0 on: Boolean id: ID }
  type Board @key(fields: "id") {
    id: ID!
    cells: [[Cell]!]!
    strict: [[Cell!]!]
    loose: [[Cell]]
    pieces: [[Piece]]
    extra: JSON
    ratio: Float
  }
  type Cell @key(fields: "x y") { x: Int! y: Int! color: String piece: Piece around: [[Cell]] }
  interface Piece { label: String! }
  type King implements Piece @key(fields: "id") { id: ID! label: String! checks: [[Cell!]] }
  type Pawn implements Piece @key(fields: "id") { id: ID! label: String! moves: [Cell]! }
  type Token implements Piece { label: String! values: [[Float]!] }
`;

const rules = `
  scalar JSON
  type Query { rules: [Rule!]! }
  type Rule { name: String! applies(strict: Boolean): [[Cell]] data: JSON! parameters: [[JSON!]] }
  type Cell @key(fields: "x y") {
    x: Int!
    y: Int!
    color: String @external
    isSafe: Boolean
    danger: Int! @requires(fields: "color")
    rules: [Rule!]
  }
  type King @key(fields: "id") { id: ID! mayCastle: Boolean! castles: [[Cell]] }
  type Pawn @key(fields: "id") { id: ID! mayPass: Boolean promotes: [[King]!] }
`;

const history = `
  scalar JSON
  type Query { last: Move  moves: [[Move!]!] }
  type Move { number: Int! from: Cell! to: Cell piece: Pawn  board: Board  state: JSON }
  type Board @key(fields: "id") { id: ID! moves(last: Int): [[Move]] winner: King }
  type Cell @key(fields: "x y") { x: Int! y: Int! visits: Int! visitors: [[Pawn!]!] }
  type Pawn @key(fields: "id") { id: ID! moved: Boolean! }
  type King @key(fields: "id") { id: ID! moved: Boolean! }
`;

export const grids: SupergraphDefinition = {
  name: 'grids',
  subgraphs: [
    { name: 'boards', sdl: boards },
    { name: 'rules', sdl: rules },
    { name: 'history', sdl: history },
  ],
};

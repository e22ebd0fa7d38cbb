// The API that the engine serves is the one that the stock gateway would show.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloGateway } from '@apollo/gateway';
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import { buildSchema, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { composed } from '../../composed.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const stockSchema = async (supergraphSdl: string): Promise<GraphQLSchema> => {
  const gateway = new ApolloGateway({ supergraphSdl, logger: silent });
  const { schema } = await gateway.load();
  await gateway.stop();
  return schema;
};

const sorted = (schema: GraphQLSchema): string => printSchema(lexicographicSortSchema(schema));

/** As the engine has it. */
const apiOf = async (supergraphSdl: string): Promise<string> => {
  await using planner = await Planner.start(supergraphSdl);
  return sorted(buildSchema(planner.apiSdl));
};

test("the project's own supergraph has the stock gateway's API", async () => {
  const file = join(__dirname, '../../../../../schema/supergraph.graphql');
  const sdl = readFileSync(file, 'utf8');
  expect(await apiOf(sdl)).toBe(sorted(await stockSchema(sdl)));
});

const documented = composed({
  books: `
    """
    What a client may do.
    Said in two lines.
    """
    directive @shout(times: Int = 2, "How loud." level: Level! = HIGH) repeatable on FIELD | QUERY

    "How loud a thing is."
    enum Level { "Hardly." LOW HIGH OLD @deprecated(reason: "nobody shouts so") }

    scalar Isbn @specifiedBy(url: "https://example.com/isbn")
    scalar Plain

    input Range { from: Int = 1 to: Int = 10 exact: Boolean = false, gone: Int @deprecated }

    "Exactly one of them."
    input BookBy { id: ID isbn: Isbn }

    input Search {
      "Nested defaults."
      range: Range = { from: 2, exact: true }
      levels: [Level!]! = [LOW, HIGH]
      text: String = "a \\"quoted\\" \\\\ text"
      nothing: String = null
      ratio: Float = 1.5
      id: ID = "7"
    }

    "An \\"escaped\\" description."
    interface Node { id: ID! }
    interface Titled implements Node { id: ID! title: String }

    "A book."
    type Book implements Node & Titled @key(fields: "id") {
      id: ID!
      title("In which language." language: String = "en" @deprecated(reason: "English only")): String
      isbn: Isbn
      old: Int @deprecated
      hidden: Secret @inaccessible
    }

    type Secret @inaccessible { id: ID! }
    type Magazine { issue: Int! @tag(name: "press") }
    union Printed = Book | Magazine | Leaflet
    type Leaflet @inaccessible { id: ID! }

    type Query {
      "Finds books."
      books(search: Search = { text: "x" }, by: BookBy, level: Level = LOW, plain: Plain): [Book!]!
      printed: [Printed]
      secret: Secret @inaccessible
      node(id: ID!): Node
    }
    type Mutation { addBook(title: String!, tags: [String!] = ["new"]): Book }
    type Subscription { bookAdded: Book }
  `,
  reviews: `
    directive @shout(times: Int = 2, "How loud." level: Level! = HIGH) repeatable on FIELD | QUERY
    enum Level { LOW HIGH OLD }
    type Book @key(fields: "id") { id: ID! "Of readers." reviews(first: Int! = 10): [Review!]! }
    type Review { stars: Int! text: String }
  `,
});

test('descriptions, deprecations, defaults, scalars and directives are as the stock gateway has them', async () => {
  const api = await apiOf(documented);
  expect(api).toBe(sorted(await stockSchema(documented)));
  expect(api).toContain('Said in two lines.');
  expect(api).toContain('OLD @deprecated(reason: "nobody shouts so")');
  expect(api).toContain('scalar Isbn @specifiedBy(url: "https://example.com/isbn")');
  expect(api).toContain('range: Range = {exact: true, from: 2, to: 10}');
  expect(api).toContain('directive @shout(');
  expect(api).not.toContain('ecret');
  expect(api).not.toContain('join__');
});

test('@oneOf, which other composers keep, is as the stock gateway has it', async () => {
  const sdl = documented
    .replace('input BookBy\n', 'input BookBy @oneOf\n')
    .concat('\ndirective @oneOf on INPUT_OBJECT\n');
  const api = await apiOf(sdl);
  expect(api).toBe(sorted(await stockSchema(sdl)));
  expect(api).toContain('input BookBy @oneOf {');
});

const linked = (definitions: string): string => `
  extend schema
    @link(url: "https://specs.example.com/access/v1.0", import: ["@access", "@defer", "@internal"])
    @federation__composeDirective(name: "@access")
    @federation__composeDirective(name: "@defer")
    @federation__composeDirective(name: "@internal")
  ${definitions}
`;

test('directives for operations that subgraphs composed are there, which the stock gateway drops', async () => {
  const sdl = composed({
    a: linked(`
      directive @access(scope: Scope!) repeatable on FIELD
      directive @defer(label: String) on INLINE_FRAGMENT
      directive @internal(of: access__Level) on FIELD
      enum Scope { PUBLIC PRIVATE }
      enum access__Level { ONE }
      type Query { a: String }
    `),
    b: linked(`
      directive @access("Whose." scope: Scope! = PUBLIC @tag(name: "x")) repeatable on FIELD
      directive @defer(label: String) on INLINE_FRAGMENT
      directive @internal(of: access__Level) on FIELD
      enum Scope { PUBLIC PRIVATE }
      enum access__Level { ONE }
      type Query { b: String }
    `),
  });
  const access =
    'directive @access(\n  """Whose."""\n  scope: Scope! = PUBLIC\n) repeatable on FIELD\n\n';
  const api = await apiOf(sdl);
  expect(api).toContain(access);
  expect(api.replace(access, '')).toBe(sorted(await stockSchema(sdl)));
});

test('interface objects and abstract types are as the stock gateway has them', async () => {
  const sdl = composed({
    media: `
      type Query { media: [Media] either: Either }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
      type Song implements Media @key(fields: "id") { id: ID! title: String }
      union Either = Film | Song
    `,
    votes: `
      type Media @interfaceObject @key(fields: "id") { id: ID! votes(since: Int = 0): Int! }
    `,
  });
  const api = await apiOf(sdl);
  expect(api).toBe(sorted(await stockSchema(sdl)));
  expect(api).toContain('votes(since: Int = 0): Int!');
});

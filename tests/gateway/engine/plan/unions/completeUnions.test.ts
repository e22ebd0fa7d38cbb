// A fetch asks for all of a union's types that its subgraph may return and can tell of by itself.

import type { FetchNode } from '@apollo/query-planner';
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import { composed } from '../../composed.ts';
import { fetchesOf } from '../fetchesOf.ts';
import { planOf } from '../planOf.ts';

const parks = composed({
  north: `
    type Query { north: Park first: Park @shareable }
    type Park @key(fields: "id") { id: ID! list: List @shareable }
    type List @shareable { items: [Item] }
    union Item = Tree | Bench
    interface Named { name: String }
    type Tree @shareable { height: Int }
    type Bench implements Named {
      name: String
      seats(min: Int): Int
      wood: Wood
      material: Named
      maker: Maker
    }
    type Wood implements Named @shareable { name: String age: Int }
    type Maker @key(fields: "id") { id: ID! }
  `,
  south: `
    type Query { south: Park first: Park @shareable }
    type Park @key(fields: "id") { id: ID! list: List @shareable }
    type List @shareable { items: [Item] }
    union Item = Tree | Pond
    type Tree @shareable { height: Int! }
    type Pond { depth: Int height: Int }
    type Maker @key(fields: "id") { id: ID! name: String }
  `,
});

let planner: Planner;

beforeAll(async () => {
  planner = await Planner.start(parks);
});

afterAll(() => planner[Symbol.asyncDispose]());

const planned = async (query: string): Promise<string[]> => fetchesOf(await planOf(planner, query));

test('a type that the other subgraph does not have is asked for', async () => {
  const items =
    '{ list { items { ... on Tree { height } ... on Bench { name } ... on Pond { depth } } } }';
  expect(await planned(`{ north ${items} }`)).toEqual([
    '- north: {north{list{items{__typename ...on Tree{height}...on Bench{name}}}}}',
  ]);
  expect(await planned(`{ south ${items} }`)).toEqual([
    '- south: {south{list{items{__typename ...on Tree{height}...on Pond{depth}}}}}',
  ]);
});

test('the variables of what is added come with it', async () => {
  const { node } = await planOf(
    planner,
    `query Seats($min: Int = 2, $with: Boolean!, $other: Int) {
      north { list { items {
        ... on Tree { height }
        ... on Bench @include(if: $with) { many: seats(min: $min) }
      } } }
      south { list { items { ... on Bench { few: seats(min: $other) } } } }
    }`,
  );
  const fetches = node?.kind === 'Parallel' ? (node.nodes as FetchNode[]) : [];
  const north = fetches.find(({ serviceName }) => serviceName === 'north');
  expect(north?.operation).toBe(
    'query Seats__north__0($with:Boolean!$min:Int=2){north{list{items{__typename ' +
      '...on Tree{height}...on Bench{...on Bench@include(if:$with){many:seats(min:$min)}}}}}}',
  );
  expect(north?.variableUsages).toEqual(['with', 'min']);
});

test('fragments, aliases and what lies deeper are as the client wrote them', async () => {
  expect(
    await planned(`
      { park: north { all: list { items { ...Parts ... on Named { label: name } } } } }
      fragment Parts on Item {
        ... on Bench { wood { age } material { ... on Wood { age } } }
        ... on Bench { wood { title: name } }
      }
    `),
  ).toEqual([
    '- north: {park:north{all:list{items{__typename ' +
      '...on Bench{wood{age title:name}material{__typename ...on Wood{age}}label:name}}}}}',
  ]);
});

test("what another subgraph would have to tell is left out, and so is an entity's fetch", async () => {
  expect(
    await planned('{ north { list { items { ... on Bench { name maker { name } } } } } }'),
  ).toEqual(['- north: {north{list{items{__typename ...on Bench{name}}}}}']);
});

test('an entity is completed where it is fetched', async () => {
  const carriages = composed({
    depot: 'type Query { cars: [[Car]] } type Car @key(fields: "id") { id: ID! }',
    day: `
      type Car @key(fields: "id") { id: ID! plan: Plan @shareable load: Int }
      type Plan @shareable { places: [Place] }
      union Place = Seat | Rack
      type Seat @shareable { code: Int }
      type Rack { bikes: Int }
    `,
    night: `
      type Car @key(fields: "id") { id: ID! plan: Plan @shareable }
      type Plan @shareable { places: [Place] }
      union Place = Seat
      type Seat @shareable { code: Int }
    `,
  });
  await using other = await Planner.start(carriages);
  const query = '{ cars { load plan { places { ... on Seat { code } ... on Rack { bikes } } } } }';
  expect(fetchesOf(await planOf(other, query)).at(-1)).toBe(
    'cars.@.@ day: ...Car{__typename id} => ' +
      '{...on Car{load plan{places{__typename ...on Seat{code}...on Rack{bikes}}}}}}',
  );
});

test('a fetch that its subgraph would refuse stays as it was planned', async () => {
  expect(
    await planned('{ south { list { items { ... on Tree { height } ... on Pond { height } } } } }'),
  ).toEqual(['- south: {south{list{items{__typename ...on Tree{height}}}}}']);
});

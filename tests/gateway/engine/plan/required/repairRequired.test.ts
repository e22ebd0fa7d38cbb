// Plans as the planner may make them, with a field that requires others asked for at once: what becomes
// of it, and when the operation is refused instead.

import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { repairRequired } from '@crm-graph/gateway/engine/plan/required/repairRequired';
import { UnmetRequirement } from '@crm-graph/gateway/engine/plan/required/UnmetRequirement';
import { Requirements } from '@crm-graph/gateway/engine/plan/supergraph/Requirements';
import { readSupergraph } from '@crm-graph/gateway/engine/plan/supergraph/readSupergraph';
import { OperationTypeNode } from 'graphql';
import { composed } from '../../composed.ts';
import { fetchesOf } from '../fetchesOf.ts';

const repair = (subgraphs: Readonly<Record<string, string>>) => {
  const { planned, document } = readSupergraph(composed(subgraphs));
  const schema = planned.schema.toGraphQLJSSchema();
  const graphs = planned.subgraphNameToGraphEnumValue();
  const requirements = new Requirements({ document, schema, graphs, ownNames: new Map() });
  return (...nodes: PlanNode[]): QueryPlan =>
    repairRequired(schema, requirements, {
      kind: 'QueryPlan',
      node: { kind: 'Sequence', nodes },
    });
};

const fetch = (serviceName: string, operation: string): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
  operationKind: OperationTypeNode.QUERY,
  operationDocumentNode: undefined,
  operationName: undefined,
  variableUsages: [],
});

const entityFetch = (
  serviceName: string,
  type: string,
  required: readonly string[],
  path: readonly string[],
  selections: string,
): PlanNode => ({
  kind: 'Flatten',
  path: [...path],
  node: {
    ...fetch(
      serviceName,
      `query($representations:[_Any!]!){_entities(representations:$representations){...on ${type}{${selections}}}}`,
    ),
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: type,
        selections: required.map((name) => ({ kind: 'Field', name })),
      },
    ],
  },
});

describe('a field that requires another', () => {
  const repaired = repair({
    deals: `
      type Query { deal: Deal }
      type Deal @key(fields: "id") {
        id: ID! score: Int @external forecast: String @requires(fields: "score")
      }
    `,
    scores: 'type Deal @key(fields: "id") { id: ID! score: Int }',
  });
  const deal = fetch('deals', '{deal{__typename id forecast}}');
  const score = entityFetch('scores', 'Deal', ['__typename', 'id'], ['deal'], 'score');

  test('is asked for when that is there', () => {
    expect(fetchesOf(repaired(deal, score))).toEqual([
      '- deals: {deal{__typename id}}',
      'deal scores: ...Deal{__typename id} => {...on Deal{score}}}',
      'deal deals: ...Deal{__typename id score} => {...on Deal{forecast}}}',
    ]);
  });

  test('is refused where nothing in the plan fetches that', () => {
    expect(() => repaired(deal)).toThrow(UnmetRequirement);
    expect(() => repaired(deal)).toThrow('"Deal.forecast"');
  });

  test('is refused where what fetches that waits for the field itself', () => {
    const key = ['__typename', 'id', 'forecast'];
    const circular = entityFetch('scores', 'Deal', key, ['deal'], 'score');
    expect(() => repaired(deal, circular)).toThrow(UnmetRequirement);
  });
});

describe('a field of an interface object', () => {
  const repaired = repair({
    media: `
      type Query { a: Media }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String }
    `,
    picks: `
      type Query { pick: Media }
      type Media @key(fields: "id") @interfaceObject {
        id: ID! title: String @external blurb: String @requires(fields: "title")
      }
    `,
  });

  test('is asked for by the name of the interface, whatever type the object is of', () => {
    const plan = repaired(
      fetch('picks', '{pick{__typename id blurb}}'),
      entityFetch('media', 'Media', ['__typename', 'id'], ['pick'], '__typename title'),
    );
    expect(fetchesOf(plan)).toEqual([
      '- picks: {pick{__typename id}}',
      'pick media: ...Media{__typename id} => {...on Media{__typename title}}}',
      'pick picks: ...Media{__typename id title} => {...on Media{blurb}}}',
    ]);
    const { node } = plan;
    const last = node?.kind === 'Sequence' ? node.nodes.at(-1) : undefined;
    const added = last?.kind === 'Flatten' ? last.node : undefined;
    expect(added).toMatchObject({
      inputRewrites: [
        { kind: 'ValueSetter', path: ['... on Media', '__typename'], setValueTo: 'Media' },
      ],
    });
  });
});

// The query that says what there is to say of one event, or of a list.
import { fragmentsOf } from '@crm-graph/gateway/engine/document/fragments';
import { twinQuery } from '@crm-graph/gateway/live/streams/twinQuery';
import { type FieldNode, Kind, parse } from 'graphql';

const rewritten = (source: string, kind: 'events' | 'list' = 'events') => {
  const document = parse(source);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('no operation');
  const nodes = operation.selectionSet.selections.filter(
    (selection): selection is FieldNode => selection.kind === Kind.FIELD,
  );
  const fragments = fragmentsOf(document);
  const { query, ...rest } = twinQuery({ operation, fragments, nodes, field: 'twin', kind });
  return { query: query.replace(/\s+/g, ' ').trim(), ...rest };
};

describe('twinQuery', () => {
  it('keeps the selection, the name and the response key, and asks by the cursor', () => {
    expect(
      rewritten('subscription Watch { dealEvents(after: "x") { cursor deal { id } } }'),
    ).toEqual({
      query:
        'query Watch($cursor: String!) { dealEvents: twin(cursor: $cursor) { cursor deal { id } } }',
      responseKey: 'dealEvents',
      variables: [],
      given: { cursor: 'cursor' },
      stateKey: 'state',
    });
  });

  it('keeps the variables and fragments of the selection alone', () => {
    const { query, variables, responseKey } = rewritten(
      `subscription ($after: String, $first: Int, $all: Boolean!) {
        mine: dealEvents(after: $after) { ...A }
      }
      fragment A on DealEvent { deal { ...B } }
      fragment B on Deal { tasks(first: $first) @include(if: $all) { totalCount } }
      fragment C on Deal { id }`,
    );
    expect(responseKey).toBe('mine');
    expect(variables).toEqual(['first', 'all']);
    expect(query).toContain(
      'query ($first: Int, $all: Boolean!, $cursor: String!) { mine: twin(cursor: $cursor) { ...A } }',
    );
    expect(query).toContain('fragment B on Deal');
    expect(query).not.toContain('fragment C');
  });

  it('keeps the arguments of a list, and asks for its state beside what the client asks', () => {
    const { query, variables, given, stateKey } = rewritten(
      'subscription ($filter: DealFilter) { liveDeals(filter: $filter, first: 5) { page { id } } }',
      'list',
    );
    expect(variables).toEqual(['filter']);
    expect(given).toEqual({ state: 'state', touched: 'touched', through: 'through' });
    expect(query).toBe(
      'query ($filter: DealFilter, $state: String, $touched: [ID!], $through: String) ' +
        '{ liveDeals: twin( filter: $filter first: 5 state: $state touched: $touched through: $through ) ' +
        '{ page { id } state } }',
    );
    expect(stateKey).toBe('state');
  });

  it('avoids names that the client has taken', () => {
    const { given, stateKey } = rewritten(
      `subscription ($state: Int) { liveDeals { ...A } }
      fragment A on LiveDealsUpdate { state: page { tasks(first: $state) { totalCount } } }`,
      'list',
    );
    expect(given).toEqual({ state: 'state_', touched: 'touched', through: 'through' });
    expect(stateKey).toBe('state_');
  });
});

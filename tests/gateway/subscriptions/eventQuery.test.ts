// The query that resolves one event of a subscription.
import { fragmentsOf } from '@crm-graph/gateway/authorization/guardedFields';
import { eventQuery } from '@crm-graph/gateway/subscriptions/eventQuery';
import { type FieldNode, Kind, parse } from 'graphql';

const rewritten = (source: string) => {
  const document = parse(source);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('no operation');
  const nodes = operation.selectionSet.selections.filter(
    (selection): selection is FieldNode => selection.kind === Kind.FIELD,
  );
  const { query, ...rest } = eventQuery(operation, fragmentsOf(document), nodes, 'dealEvent');
  return { query: query.replace(/\s+/g, ' ').trim(), ...rest };
};

describe('eventQuery', () => {
  it('keeps the selection, the name and the response key, and asks by the cursor', () => {
    expect(
      rewritten('subscription Watch { dealEvents(after: "x") { cursor deal { id } } }'),
    ).toEqual({
      query:
        'query Watch($eventCursor: String!) { dealEvents: dealEvent(cursor: $eventCursor) { cursor deal { id } } }',
      cursorVariable: 'eventCursor',
      variables: [],
    });
  });

  it('keeps the variables and fragments of the selection alone', () => {
    const { query, variables } = rewritten(
      `subscription ($after: String, $first: Int, $all: Boolean!) {
        mine: dealEvents(after: $after) { ...A }
      }
      fragment A on DealEvent { deal { ...B } }
      fragment B on Deal { tasks(first: $first) @include(if: $all) { totalCount } }
      fragment C on Deal { id }`,
    );
    expect(variables).toEqual(['first', 'all']);
    expect(query).toContain(
      'query ($first: Int, $all: Boolean!, $eventCursor: String!) { mine: dealEvent(cursor: $eventCursor) { ...A } }',
    );
    expect(query).toContain('fragment B on Deal');
    expect(query).not.toContain('fragment C');
  });

  it('avoids a name that the client has taken', () => {
    const { cursorVariable } = rewritten(
      'subscription ($eventCursor: Int) { dealEvents { deal { tasks(first: $eventCursor) { totalCount } } } }',
    );
    expect(cursorVariable).toBe('eventCursor_');
  });
});

import { ResponseBudget } from '@crm-graph/shared/subgraph/ResponseBudget';

const tooLarge = expect.objectContaining({ code: 'RESPONSE_TOO_LARGE' });

test('objects and lists count together, up to the limit and not beyond', () => {
  const budget = new ResponseBudget(10);
  budget.object();
  budget.list(9);
  expect(budget.nodes).toBe(10);
  expect(budget.isExceeded).toBe(false);
  expect(() => budget.object()).toThrow(tooLarge);
  expect(budget.isExceeded).toBe(true);
  expect(() => budget.check()).toThrow(tooLarge);
});

test('representations count against the limit, but are no objects of the answer', () => {
  const budget = new ResponseBudget(10);
  budget.representations(8);
  budget.list(2);
  expect(budget.nodes).toBe(2);
  expect(() => budget.list(1)).toThrow(tooLarge);
});

test('rows are bounded before anything is made of them', () => {
  const budget = new ResponseBudget(10);
  budget.rows(7);
  expect(budget.rowsLeft).toBe(3);
  expect(() => budget.rows(4)).toThrow(tooLarge);
  expect(budget.nodes).toBe(0);
});

test('lists of a usual answer are not waited for', () => {
  const budget = new ResponseBudget();
  for (let page = 0; page < 10; page += 1) expect(budget.list(100)).toBeUndefined();
});

test('lists of a large answer come in order, with a turn of others in between', async () => {
  const budget = new ResponseBudget();
  const order: string[] = [];
  setImmediate(() => order.push('others'));
  const lists = Array.from({ length: 3 }, async (_, index) => {
    await budget.list(600);
    order.push(`list ${index}`);
  });
  await Promise.all(lists);
  expect(order).toEqual(['list 0', 'others', 'list 1', 'list 2']);
});

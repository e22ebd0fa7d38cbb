// Reading the data set's files: what is made good, and what is refused with its line.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSalesData } from '@crm-graph/deploy/load/salesData';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crm-graph-sales-'));
  await write('sales_teams.csv', ['sales_agent,manager,regional_office', 'Ann,Bob,East']);
  await write('accounts.csv', [
    'account,sector,year_established,revenue,employees,office_location,subsidiary_of',
    'Isdom,technolgy,1996,1100.04,2822,Philipines,',
    'Cancity,retail,2001,0.7,12,Kenya,Isdom',
  ]);
  await write('products.csv', ['product,series,sales_price', 'GTX Pro,GTX,4821']);
});

afterEach(() => rm(folder, { recursive: true }));

const write = (file: string, lines: string[]) => writeFile(join(folder, file), lines.join('\n'));
const header =
  'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value';

test('spellings, dates, millions and missing values are made good', async () => {
  await write('sales_pipeline.csv', [
    header,
    'A1,Ann,GTXPro,Isdom,Won,10/25/2016,3/1/2017,4514',
    'A2,Ann,GTX Pro,,Prospecting,,,',
  ]);
  const { accounts, opportunities, problems } = await readSalesData(folder);
  expect(problems).toEqual([]);
  expect(accounts).toMatchObject([
    { name: 'Isdom', sector: 'technology', revenue: '1100040000', location: 'Philippines' },
    { name: 'Cancity', revenue: '700000', subsidiaryOf: 'Isdom' },
  ]);
  expect(opportunities).toEqual([
    {
      line: 2,
      id: 'A1',
      agent: 'Ann',
      product: 'GTX Pro',
      account: 'Isdom',
      stage: 'Won',
      engageDate: '2016-10-25',
      closeDate: '2017-03-01',
      closeValue: '4514',
    },
    {
      line: 3,
      id: 'A2',
      agent: 'Ann',
      product: 'GTX Pro',
      account: undefined,
      stage: 'Prospecting',
      engageDate: undefined,
      closeDate: undefined,
      closeValue: undefined,
    },
  ]);
});

test.each([
  [
    'A1,Ann,GTX Pro,Isdom,Won,2/30/2017,3/1/2017,1',
    'engage_date "2/30/2017" is not a month/day/year',
  ],
  [
    'A1,Ann,GTX Pro,Isdom,Won,25/10/2016,3/1/2017,1',
    'engage_date "25/10/2016" is not a month/day/year',
  ],
  ['A1,Ann,GTX Pro,Isdom,Won,2/3/2017,,1', 'close_date is empty'],
  ['A1,Ann,GTX Pro,Isdom,Won,2/3/2017,3/1/2017,', 'close_value is empty'],
  ['A1,Ann,GTX Pro,Isdom,Won,2/3/2017,3/1/2017,1k', 'close_value "1k" is not a number'],
  ['A1,Eve,GTX Pro,Isdom,Engaging,2/3/2017,,', 'sales_agent "Eve" is unknown'],
  ['A1,Ann,GTX,Isdom,Engaging,2/3/2017,,', 'product "GTX" is unknown'],
  ['A1,Ann,GTX Pro,Nobody,Engaging,2/3/2017,,', 'account "Nobody" is unknown'],
  ['A1,Ann,GTX Pro,Isdom,Thinking,2/3/2017,,', 'deal_stage "Thinking" is unknown'],
  [',Ann,GTX Pro,Isdom,Engaging,2/3/2017,,', 'opportunity_id is empty'],
  ['A1,Ann', 'deal_stage is empty'],
])('the line %s is left out: %s', async (line, reason) => {
  await write('sales_pipeline.csv', [header, 'A0,Ann,GTX Pro,Isdom,Engaging,2/3/2017,,', line]);
  const { opportunities, problems } = await readSalesData(folder);
  expect(opportunities.map(({ id }) => id)).toEqual(['A0']);
  expect(problems).toEqual([{ file: 'sales_pipeline.csv', line: 3, reason }]);
});

// Reads the CRM sales opportunities data set: four CSV files as exported, with their quirks made good.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

export interface SalesAgent {
  name: string;
  manager: string;
  regionalOffice: string;
}

export interface Account {
  name: string;
  sector: string;
  yearEstablished: number;
  /** In dollars, as a decimal string; the file has millions. */
  revenue: string;
  employees: number;
  location: string;
  subsidiaryOf: string | undefined;
}

export interface SalesProduct {
  name: string;
  series: string;
  price: string;
}

export type DealStage = 'Prospecting' | 'Engaging' | 'Won' | 'Lost';

export interface Opportunity {
  /** In sales_pipeline.csv, from 2: the first is the header. */
  line: number;
  id: string;
  agent: string;
  product: string;
  account: string | undefined;
  stage: DealStage;
  /** Days as YYYY-MM-DD. */
  engageDate: string | undefined;
  closeDate: string | undefined;
  closeValue: string | undefined;
}

/** A line that was not taken, and why. */
export interface Problem {
  file: string;
  line: number;
  reason: string;
}

export interface SalesData {
  agents: SalesAgent[];
  accounts: Account[];
  products: SalesProduct[];
  opportunities: Opportunity[];
  problems: Problem[];
}

/** The spellings of the export that name the same thing as another one. */
const spellings: Record<string, string> = {
  GTXPro: 'GTX Pro',
  technolgy: 'technology',
  Philipines: 'Philippines',
};

const stages: readonly string[] = ['Prospecting', 'Engaging', 'Won', 'Lost'] satisfies DealStage[];

const files = {
  teams: 'sales_teams.csv',
  accounts: 'accounts.csv',
  products: 'products.csv',
  pipeline: 'sales_pipeline.csv',
};

/** One line of a file: reads its columns, and says which is wrong. */
class Line {
  constructor(
    readonly number: number,
    private readonly columns: Record<string, string>,
  ) {}

  optional(column: string): string | undefined {
    const value = this.columns[column]?.trim();
    if (value === undefined || value === '') return undefined;
    return spellings[value] ?? value;
  }

  text(column: string): string {
    const value = this.optional(column);
    if (value === undefined) throw new LineError(`${column} is empty`);
    return value;
  }

  decimal(column: string): string {
    const value = this.text(column);
    if (!/^\d+(\.\d+)?$/.test(value)) throw new LineError(`${column} "${value}" is not a number`);
    return value;
  }

  integer(column: string): number {
    const value = this.text(column);
    if (!/^\d+$/.test(value)) throw new LineError(`${column} "${value}" is not a whole number`);
    return Number(value);
  }

  /** Month/day/year as the United States write it, as YYYY-MM-DD. */
  day(column: string): string | undefined {
    const value = this.optional(column);
    if (value === undefined) return undefined;
    const [, month = '', day = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(value) ?? [];
    const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    const date = new Date(`${iso}T00:00:00Z`);
    // A day that its month does not have would come back as one of the next month.
    if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso) {
      throw new LineError(`${column} "${value}" is not a month/day/year`);
    }
    return iso;
  }
}

class LineError extends Error {}

/** Reads all four files; lines with something wrong are left out and listed in `problems`. */
export async function readSalesData(folder: string): Promise<SalesData> {
  const problems: Problem[] = [];
  const read = async <Row>(file: string, rowOf: (line: Line) => Row): Promise<Row[]> => {
    const text = await readFile(join(folder, file), 'utf8');
    const records: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
      columns: true,
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    });
    return records.flatMap(({ record, info }) => {
      try {
        return [rowOf(new Line(info.lines, record))];
      } catch (error) {
        if (!(error instanceof LineError)) throw error;
        problems.push({ file, line: info.lines, reason: error.message });
        return [];
      }
    });
  };

  const agents = await read(files.teams, (line) => ({
    name: line.text('sales_agent'),
    manager: line.text('manager'),
    regionalOffice: line.text('regional_office'),
  }));
  const accounts = await read(files.accounts, (line) => ({
    name: line.text('account'),
    sector: line.text('sector'),
    yearEstablished: line.integer('year_established'),
    revenue: millions(line.decimal('revenue')),
    employees: line.integer('employees'),
    location: line.text('office_location'),
    subsidiaryOf: line.optional('subsidiary_of'),
  }));
  const products = await read(files.products, (line) => ({
    name: line.text('product'),
    series: line.text('series'),
    price: line.decimal('sales_price'),
  }));
  const known = {
    agents: new Set(agents.map(({ name }) => name)),
    products: new Set(products.map(({ name }) => name)),
    accounts: new Set(accounts.map(({ name }) => name)),
  };
  const opportunities = await read(files.pipeline, (line) => opportunityOf(line, known));
  return { agents, accounts, products, opportunities, problems };
}

function opportunityOf(
  line: Line,
  known: Record<'agents' | 'products' | 'accounts', Set<string>>,
): Opportunity {
  const stage = line.text('deal_stage');
  if (!stages.includes(stage)) throw new LineError(`deal_stage "${stage}" is unknown`);
  const closed = stage === 'Won' || stage === 'Lost';
  const opportunity: Opportunity = {
    line: line.number,
    id: line.text('opportunity_id'),
    agent: line.text('sales_agent'),
    product: line.text('product'),
    account: line.optional('account'),
    stage: stage as DealStage,
    engageDate: line.day('engage_date'),
    closeDate: closed ? line.day('close_date') : undefined,
    closeValue:
      line.optional('close_value') === undefined ? undefined : line.decimal('close_value'),
  };
  const { agent, product, account, closeDate, closeValue } = opportunity;
  if (!known.agents.has(agent)) throw new LineError(`sales_agent "${agent}" is unknown`);
  if (!known.products.has(product)) throw new LineError(`product "${product}" is unknown`);
  if (account !== undefined && !known.accounts.has(account)) {
    throw new LineError(`account "${account}" is unknown`);
  }
  if (closed && closeDate === undefined) throw new LineError('close_date is empty');
  if (closed && closeValue === undefined) throw new LineError('close_value is empty');
  return opportunity;
}

/** A decimal string a million times as large, without a detour over floating point. */
function millions(value: string): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const digits = `${whole}${fraction.padEnd(6, '0').slice(0, 6)}`;
  return digits.replace(/^0+(?=\d)/, '');
}

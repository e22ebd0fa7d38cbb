// The table of what was measured.
import type { Row } from './rows.ts';
import { type Column, table } from './table.ts';

const times = (value: number | undefined): string | undefined => value?.toFixed(2);

const columns: readonly Column<Row>[] = [
  { head: 'operation', cell: (row) => row.operation },
  { head: 'peer', cell: (row) => row.peer },
  { head: 'rps', cell: (row) => row.rps },
  { head: 'p50 ms', cell: (row) => row.p50Ms.toFixed(2) },
  { head: 'p99 ms', cell: (row) => row.p99Ms.toFixed(2) },
  { head: 'p99/p50', cell: (row) => row.p99ToP50.toFixed(1) },
  { head: 'CPU us', cell: (row) => row.cpuUs },
  { head: 'to stock', cell: (row) => times(row.toStock) },
  { head: 'to limit', cell: (row) => times(row.toLimit) },
  { head: 'full/engine', cell: (row) => times(row.toEngine) },
  { head: 'CPU us/item', cell: (row) => times(row.usPerItem) },
];

/** Without the columns that have nothing in them. */
export const figuresTable = (rows: readonly Row[]): string =>
  table(
    columns.filter(({ cell }) => rows.some((row) => cell(row) !== undefined)),
    rows,
  );

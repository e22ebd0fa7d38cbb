// Rows as a table of text.

export interface Column<Row> {
  head: string;
  cell: (row: Row) => string | number | undefined;
}

/** Columns whose first cell is a number are aligned to the right. */
export const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string => {
  const cells = rows.map((row) => columns.map(({ cell }) => String(cell(row) ?? '')));
  const lines = [columns.map(({ head }) => head), ...cells];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const isNumeric = columns.map((_, at) =>
    cells.some((line) => /^[\d.,%-]+$/.test(line[at] ?? '')),
  );
  return lines
    .map((line) =>
      line
        .map((text, at) =>
          isNumeric[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

import type { ReactNode } from "react";

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers line up on the right. */
  numeric?: boolean;
}

interface DataTableProps<Row> {
  /** What the table lists; read by assistive technology, shown when `captionShown`. */
  caption: string;
  captionShown?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** A dense table; on a phone each row becomes a card with its labels. The first column names the row. */
export function DataTable<Row>({ caption, captionShown = false, columns, rows, rowKey }: DataTableProps<Row>) {
  return (
    <table className="usa-table usa-table--borderless data-table">
      <caption className={captionShown ? undefined : "sr-only"}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={column.numeric ? "numeric" : undefined}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column, at) =>
              at === 0 ? (
                <th key={column.key} scope="row" data-label={column.header}>
                  <div>{column.cell(row)}</div>
                </th>
              ) : (
                <td key={column.key} data-label={column.header} className={column.numeric ? "numeric" : undefined}>
                  <div>{column.cell(row)}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

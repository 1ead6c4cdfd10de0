export type Rows = readonly (readonly (string | number)[])[];

/** A file that a spreadsheet opens. */
export function csvFile(rows: Rows): Blob {
  // Without the mark at its head some spreadsheets read a name with an accent wrongly.
  return new Blob(['\ufeff', csvText(rows)], { type: 'text/csv' });
}

/** Comma-separated, a row a line. */
export function csvText(rows: Rows): string {
  return rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** A name may be anything: a comma or a quote is no end of it, and what looks like a formula is none. */
function cell(content: string | number): string {
  if (typeof content === 'number') return String(content);
  const text = /^[=+\-@\t\r]/.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

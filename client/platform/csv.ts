/** Comma-separated, a row a line, as a spreadsheet opens it. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** A name may be anything: a comma or a quote is no end of it, and what looks like a formula is none. */
function cell(content: string | number): string {
  if (typeof content === 'number') return String(content);
  const text = /^[=+\-@\t\r]/.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

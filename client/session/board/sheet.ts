import type { EngineName } from '../../../src/merge/engine.ts';
import { FATES, type Ledger } from '../../../src/merge/ledger/ledger.ts';

/** What one node knows of what became of all writes. */
interface Sheet {
  readonly room: string;
  readonly node: string;
  readonly ledgers: ReadonlyMap<EngineName, Pick<Ledger, 'counts'>>;
}

/** Comma-separated, an engine a line, as a spreadsheet opens it. Sheets of a class go below each other. */
export function sheetText({ room, node, ledgers }: Sheet): string {
  const head = ['room', 'node', 'engine', 'writes', ...FATES.toReversed()];
  const lines = Array.from(ledgers, ([engine, { counts }]) => {
    const fates = FATES.toReversed().map((fate) => counts[fate]);
    const writes = fates.reduce((sum, count) => sum + count, 0);
    return [room, node, engine, writes, ...fates];
  });
  return [head, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

export function sheetOf(sheet: Sheet): Blob {
  // Without the mark at its head some spreadsheets read a name with an accent wrongly.
  return new Blob(['\ufeff', sheetText(sheet)], { type: 'text/csv' });
}

export function sheetName(room: string, node: string): string {
  return `netsplit-${room}-${node.replace(/[^\p{L}\p{N}]+/gu, '-')}.csv`;
}

/** A name may be anything: a comma or a quote is no end of it, and what looks like a formula is none. */
function cell(content: string | number): string {
  if (typeof content === 'number') return String(content);
  const text = /^[=+\-@\t\r]/.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import type { EngineName } from '../../../src/merge/engine.ts';
import { FATES, type Ledger } from '../../../src/merge/ledger/ledger.ts';
import { csvText } from '../../platform/csv.ts';

/** What one node knows of what became of all writes. */
interface Sheet {
  readonly room: string;
  readonly node: string;
  readonly ledgers: ReadonlyMap<EngineName, Pick<Ledger, 'counts'>>;
}

/** An engine a line. Sheets of a class go below each other. */
export function sheetText({ room, node, ledgers }: Sheet): string {
  const head = ['room', 'node', 'engine', 'writes', ...FATES.toReversed()];
  const lines = Array.from(ledgers, ([engine, { counts }]) => {
    const fates = FATES.toReversed().map((fate) => counts[fate]);
    const writes = fates.reduce((sum, count) => sum + count, 0);
    return [room, node, engine, writes, ...fates];
  });
  return csvText([head, ...lines]);
}

export function sheetOf(sheet: Sheet): Blob {
  // Without the mark at its head some spreadsheets read a name with an accent wrongly.
  return new Blob(['\ufeff', sheetText(sheet)], { type: 'text/csv' });
}

export function sheetName(room: string, node: string): string {
  return `netsplit-${room}-${node.replace(/[^\p{L}\p{N}]+/gu, '-')}.csv`;
}

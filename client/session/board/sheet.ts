import type { EngineName } from '../../../src/merge/engine.ts';
import { FATES, type Ledger } from '../../../src/merge/ledger/ledger.ts';
import type { Rows } from '../../platform/csv.ts';

/** What one node knows of what became of all writes. */
interface Sheet {
  readonly room: string;
  readonly node: string;
  readonly ledgers: ReadonlyMap<EngineName, Pick<Ledger, 'counts'>>;
}

/** An engine a line. Sheets of a class go below each other. */
export function sheetRows({ room, node, ledgers }: Sheet): Rows {
  const head = ['room', 'node', 'engine', 'writes', ...FATES.toReversed()];
  const lines = Array.from(ledgers, ([engine, { counts }]) => {
    const fates = FATES.toReversed().map((fate) => counts[fate]);
    const writes = fates.reduce((sum, count) => sum + count, 0);
    return [room, node, engine, writes, ...fates];
  });
  return [head, ...lines];
}

import { KINDS } from '../../../src/merge/intent.ts';
import { fieldId, type EnginePicture, type FieldPicture } from './board-picture.ts';

/** The same fields in the same order in all of them, kind by kind; and lit is what is not what most show. */
export function compared(engines: readonly EnginePicture[]): EnginePicture[] {
  const known = engines.map(
    ({ fields }) => new Map(fields.map((field) => [fieldId(field), field] as const)),
  );
  const all = [...new Map(known.flatMap((fields) => [...fields])).values()].sort(byName);
  const rows = all.map((field) => {
    const row = known.map((fields) => fields.get(fieldId(field)) ?? absent(field));
    const majority = mostShown(row);
    return row.map((each) => ({ ...each, apart: saying(each) !== majority }));
  });
  return engines.map((engine, nth) => ({ ...engine, fields: rows.map((row) => row[nth]!) }));
}

function byName(a: FieldPicture, b: FieldPicture): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.key < b.key ? -1 : 1);
}

function absent({ kind, key }: FieldPicture): FieldPicture {
  return { kind, key, shown: null, more: 0, lost: [], moreLost: 0, apart: false };
}

/** What more than half of them show; null if nothing is. */
function mostShown(row: readonly FieldPicture[]): string | null {
  const counts = new Map<string, number>();
  for (const field of row) counts.set(saying(field), (counts.get(saying(field)) ?? 0) + 1);
  const most = [...counts].find(([, count]) => count * 2 > row.length);
  return most?.[0] ?? null;
}

function saying({ shown, more }: FieldPicture): string {
  return JSON.stringify([shown, more]);
}

import * as v from 'valibot';
import type { EngineName, MergeEngine } from '../../src/merge/engine.ts';
import {
  deedSchema,
  idOf,
  kindOf,
  type Deed,
  type Intent,
  type Scalar,
} from '../../src/merge/intent.ts';
import { atomsOf } from '../../src/merge/ledger/record.ts';
import { OpLog } from '../../src/merge/op-log.ts';

const content = v.object({ deed: deedSchema });

/** An engine for tests of whatever carries engines: all that was ever done stays, and nothing is taken. */
export function growOnlyEngine(name: EngineName): MergeEngine {
  const log = new OpLog(content);
  const done = new Map<string, { readonly id: string; readonly deed: Deed }>();
  const sorted = () => [...done.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const fields = () => {
    const found = new Map<string, { deed: Deed; atoms: { intent: never; index: number }[] }>();
    for (const { id, deed } of sorted()) {
      const field = `${kindOf(deed)} ${deed.key}`;
      if (!found.has(field)) found.set(field, { deed, atoms: [] });
      for (let index = 0; index < atomsOf(deed); index++) {
        found.get(field)!.atoms.push({ intent: id as never, index });
      }
    }
    return [...found.values()];
  };
  return {
    name,
    apply(intent: Intent) {
      const written = log.write(intent, { deed: intent.deed });
      if (written === null) return null;
      done.set(idOf(intent), { id: idOf(intent), deed: intent.deed });
      return written.operation;
    },
    receive(operation) {
      const entry = log.take(operation);
      if (entry === 'refused') return false;
      if (entry !== 'known') done.set(entry.id, { id: entry.id, deed: entry.content.deed });
      return true;
    },
    digest: () => log.digest(),
    missing: (digest) => log.missing(digest),
    value() {
      const value = new Map<string, Scalar[]>();
      for (const { deed } of sorted()) {
        if (deed.do === 'set') value.set(deed.key, [...(value.get(deed.key) ?? []), deed.value]);
      }
      return { value, counter: new Map(), set: new Map(), text: new Map(), list: new Map() };
    },
    conflicts: () => [],
    provenance: () =>
      fields().map(({ deed, atoms }) => ({ kind: kindOf(deed), key: deed.key, atoms })),
    size: () => ({ stateBytes: log.bytes, contentBytes: contentBytes(sorted()), pending: 0 }),
  };
}

function contentBytes(done: readonly { readonly deed: Deed }[]): number {
  return done.reduce((sum, { deed }) => sum + JSON.stringify(deed).length, 0);
}

import { ENGINES, type EngineName } from '../../../src/merge/engine.ts';
import type { NoteDetail } from '../../../src/trace/kept-notes.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';

type Counts = Readonly<Record<'lost' | 'doubled' | 'resurrected', number>>;

const NOTHING: Counts = { lost: 0, doubled: 0, resurrected: 0 };

const AFTER_THE_HEAL: { readonly [Name in EngineName]: Counts } = {
  lww: { ...NOTHING, lost: 31 },
  'lww-hybrid': { ...NOTHING, lost: 22 },
  siblings: { lost: 0, doubled: 7, resurrected: 3 },
  crdt: NOTHING,
  yjs: { ...NOTHING, lost: 6 },
  automerge: NOTHING,
};

/** What boards told of a class's edits; all of one side show the same. */
export function tallies(
  sides: readonly (readonly NodeId[])[],
  edits: number,
  at: number,
): TraceEvent[] {
  return sides.flatMap((side, nth) =>
    side.flatMap((node) =>
      ENGINES.map((engine, index) => {
        const counts = sides.length === 1 ? AFTER_THE_HEAL[engine] : NOTHING;
        const visible = edits - counts.lost - 40;
        const detail: NoteDetail = { engine, edits, visible, superseded: 40, ...counts, state: `${nth}` }; // prettier-ignore
        const sequence = index + 1;
        const clocks = { incarnation: 9, sequence, lamport: sequence, vector: {} };
        const times = { at, wall: at, monotonic: at };
        return {
          node,
          ...clocks,
          ...times,
          type: 'note',
          protocol: 'board',
          kind: 'tally',
          detail,
        };
      }),
    ),
  );
}

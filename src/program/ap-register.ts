import type { RegisterBackend } from '../coordination/registers/backend.ts';
import { refused } from '../coordination/outcome.ts';
import type { Board } from '../merge/board.ts';
import { EditRefused } from '../merge/edit-check.ts';
import type { Atom, EngineName } from '../merge/engine.ts';
import type { EngineFactory } from '../merge/engine-set.ts';
import type { Scalar, Seen } from '../merge/intent.ts';
import { LastWriteWins } from '../merge/lww/lww.ts';
import { byHybridClock, byWallClock } from '../merge/lww/stamp.ts';
import { Siblings } from '../merge/siblings/siblings.ts';
import type { Json } from '../vocabulary.ts';

/** Those by which such a register can be read, all at work at once, so that they can be compared. */
export const AP_ENGINES: readonly EngineFactory[] = [
  (world) => new LastWriteWins(byWallClock, world),
  (world) => new LastWriteWins(byHybridClock, world),
  () => new Siblings(),
];

/** How many edits of each life. */
type Counts = { readonly [replica: string]: number };

/** `made`: the edits that were written or read. `knew`: all that whoever answered had. */
type Mark = { readonly made: Counts; readonly knew: Counts };

/**
 * A register at each node by itself, over the merge lab's board: done when the own disk has it, and
 * told to the others when they can be reached. Who reads sees what has got here, by the rule that the
 * class has chosen.
 */
export function apRegister(board: Board, rule: () => EngineName): RegisterBackend {
  return {
    put: (key, value, onEnd) => {
      try {
        const text = value === null ? null : JSON.stringify(value);
        const { intent } = board.edit({ do: 'set', key, value: text }, () => onEnd({ ok: true, mark })); // prettier-ignore
        const [node, life, number] = intent.split('/');
        const mark: Mark = { made: { [`${node}/${life}`]: Number(number) }, knew: countsOf(board.seen) }; // prettier-ignore
      } catch (error) {
        if (!(error instanceof EditRefused)) throw error;
        onEnd(refused('full', error.message));
      }
    },
    get: (key, onEnd) => {
      const { engine } = board.engine(rule())!;
      const isThis = (field: { readonly kind: string; readonly key: string }) =>
        field.kind === 'value' && field.key === key;
      const atoms = engine.provenance().find(isThis)?.atoms ?? [];
      const mark: Mark = { made: madeOf(atoms), knew: countsOf(board.seen) };
      onEnd({ ok: true, value: valueOf(engine.value().value.get(key)), mark });
    },
    covers: (mark, floor) => {
      const { knew } = mark as Mark;
      return Object.entries(floor as Counts).every(([replica, count]) => (knew[replica] ?? 0) >= count); // prettier-ignore
    },
    raised: (floor, mark) => highest((floor ?? {}) as Counts, (mark as Mark).made),
  };
}

/** Siblings stand beside each other. */
function valueOf(shown: Scalar | readonly Scalar[] | undefined): Json {
  if (Array.isArray(shown)) return shown.map((one: Scalar) => parsed(one));
  return parsed((shown ?? null) as Scalar);
}

function parsed(text: Scalar): Json {
  return typeof text === 'string' ? (JSON.parse(text) as Json) : text;
}

function countsOf(seen: Seen): Counts {
  return Object.fromEntries(seen);
}

function madeOf(atoms: readonly Atom[]): Counts {
  const counts = atoms.map(({ intent }) => {
    const [node, life, number] = intent.split('/');
    return { [`${node}/${life}`]: Number(number) };
  });
  return counts.reduce<Counts>(highest, {});
}

function highest(a: Counts, b: Counts): Counts {
  const all = new Map(Object.entries(a));
  for (const [replica, count] of Object.entries(b))
    all.set(replica, Math.max(count, all.get(replica) ?? 0));
  return Object.fromEntries(all);
}

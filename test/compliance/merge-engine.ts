import fc from 'fast-check';
import { expect } from 'vitest';
import type { MergeEngine, Operation } from '../../src/merge/engine.ts';
import {
  idOf,
  kindOf,
  MAX_INCREMENT,
  MAX_POSITION,
  type Deed,
  type Intent,
} from '../../src/merge/intent.ts';
import { anyDeed } from '../support/any-deed.ts';
import { MergeClass, newcomer, type MakeEngine, type Member } from '../support/merge-class.ts';
import { anySession, play, REPLICAS, shown, state, type Played } from '../support/merge-session.ts';
import { filled, SequentialBoard } from '../support/sequential-board.ts';

/** What every merge engine must pass: the rules MERGE-1 to MERGE-9 of `src/merge/README.md`. */
export interface MergeEngineCase {
  readonly title: string;
  run(make: MakeEngine): void;
}

/** Of random sessions of up to 80 steps, in each test. */
const RUNS = { numRuns: 25 };

const picks = fc.infiniteStream(fc.nat());
type Picks = Iterator<number>;

function shuffled<Item>(items: readonly Item[], picks: Picks): Item[] {
  const left = [...items];
  const order: Item[] = [];
  while (left.length > 0) order.push(...left.splice(picks.next().value! % left.length, 1));
  return order;
}

function operationsOf({ edits }: Played): Operation[] {
  return edits.map(({ operation }) => operation).filter((operation) => operation !== null);
}

function receiveAll(engine: MergeEngine, operations: readonly Operation[]): void {
  for (const operation of operations) expect(engine.receive(operation.slice())).toBe(true);
}

/** What that atom of an intent is, as far as the intent alone says; undefined if it has none of that index. */
function contentOf({ deed }: Intent, index: number): unknown {
  if (deed.do === 'type') return deed.text[index];
  if (index > 0) return undefined;
  if (deed.do === 'set') return deed.value;
  if (deed.do === 'increment') return deed.by;
  if (deed.do === 'add' || deed.do === 'insert') return deed.item;
  return deed.do === 'move' ? 'whatever it moved' : undefined;
}

/** All that is on the board is somebody's, and the provenance says whose. */
function checkProvenance({ engine, known }: Member): void {
  const intents = new Map(Array.from(known.keys(), (intent) => [idOf(intent), intent]));
  const board = engine.value();
  const listed = new Set<string>();
  for (const { kind, key, atoms } of engine.provenance()) {
    listed.add(`${kind} ${key}`);
    const contents = atoms.map(({ intent: id, index }) => {
      const intent = intents.get(id);
      const isOfField = intent && kindOf(intent.deed) === kind && intent.deed.key === key;
      const content = isOfField ? contentOf(intent, index) : undefined;
      if (content === undefined) throw new Error(`${kind} ${key} has ${index} of ${id}`);
      return content;
    });
    const values = board.value.has(key) ? [board.value.get(key)].flat() : [];
    if (kind === 'value') expect(sorted(contents)).toEqual(sorted(values));
    if (kind === 'counter') expect(sum(contents as number[])).toBe(board.counter.get(key) ?? 0);
    if (kind === 'set') expect([...new Set(contents)].sort()).toEqual(board.set.get(key) ?? []);
    if (kind === 'text') expect(sorted(contents)).toEqual(sorted(board.text.get(key) ?? ''));
    if (kind === 'list') {
      // Of an item that was moved twice at once, both moves may be named.
      const besides = engine
        .conflicts()
        .filter((other) => other.kind === kind && other.key === key);
      const most = besides.reduce((most, { between }) => most + between.length - 1, 0);
      const length = board.list.get(key)?.length ?? 0;
      expect(contents.length).toBeGreaterThanOrEqual(length);
      expect(contents.length).toBeLessThanOrEqual(length + most);
    }
  }
  for (const [kind, fields] of Object.entries(board) as [string, ReadonlyMap<string, unknown>][]) {
    for (const key of fields.keys()) expect(listed).toContain(`${kind} ${key}`);
  }
}

function sorted(contents: Iterable<unknown>): string[] {
  return Array.from(contents, (content) => JSON.stringify(content)).sort();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

export const mergeEngineCompliance: readonly MergeEngineCase[] = [
  {
    title: 'MERGE-1 in any order and any number of times, the same operations give the same board',
    run(make) {
      fc.assert(
        fc.property(anySession, picks, (session, picks) => {
          const played = play(make, session);
          played.mesh.meet();
          const expected = state(played.mesh.at(0).engine);
          for (const member of played.mesh.members) expect(state(member.engine)).toEqual(expected);
          const operations = operationsOf(played);
          const { engine } = newcomer(make);
          receiveAll(engine, shuffled([...operations, ...operations], picks));
          expect(state(engine)).toEqual(expected);
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-2 what one replica does alone it shows at once, as anybody would expect',
    run(make) {
      fc.assert(
        fc.property(fc.array(anyDeed(), { maxLength: 40, size: 'max' }), (deeds) => {
          const alone = new MergeClass({ make, replicas: 1 });
          const expected = new SequentialBoard();
          for (const deed of deeds) {
            alone.editAndTell(0, deed);
            expected.edit(deed);
            expect(filled(alone.at(0).engine.value())).toEqual(expected.value());
            expect(alone.at(0).engine.conflicts()).toEqual([]);
          }
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-2 so do several with right clocks of whom each knows all before it edits',
    run(make) {
      const turns = fc.array(fc.tuple(fc.nat(REPLICAS - 1), anyDeed()), {
        maxLength: 40,
        size: 'max',
      });
      fc.assert(
        fc.property(turns, (turns) => {
          const mesh = new MergeClass({ make, replicas: REPLICAS });
          const expected = new SequentialBoard();
          for (const [who, deed] of turns) {
            mesh.editAndTell(who, deed);
            expected.edit(deed);
            for (const { engine } of mesh.members) {
              expect(filled(engine.value())).toEqual(expected.value());
              expect(engine.conflicts()).toEqual([]);
            }
          }
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-3 by its digest one that lacks some is given all; equals are given nothing',
    run(make) {
      fc.assert(
        fc.property(anySession, (session) => {
          const played = play(make, session);
          const all = newcomer(make).engine;
          receiveAll(all, operationsOf(played));
          for (const { engine } of [...played.mesh.members, newcomer(make)]) {
            receiveAll(engine, all.missing(engine.digest())!);
            expect(state(engine)).toEqual(state(all));
            expect(all.missing(engine.digest())).toEqual([]);
            expect(engine.missing(all.digest())).toEqual([]);
          }
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-4 what waits for its past is counted and changes nothing until that has come',
    run(make) {
      fc.assert(
        fc.property(anySession, picks, (session, picks) => {
          const played = play(make, session);
          const { engine } = newcomer(make);
          for (const operation of shuffled(operationsOf(played), picks)) {
            const before = { shown: shown(engine), pending: engine.size().pending };
            receiveAll(engine, [operation]);
            if (engine.size().pending > before.pending) expect(shown(engine)).toEqual(before.shown);
          }
          expect(engine.size().pending).toBe(0);
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-4 a text whose beginning has not come shows nothing of its end, or waits for it',
    run(make) {
      const mesh = new MergeClass({ make, replicas: 1 });
      const typed = ['a', 'b', 'c'].map((text, position) =>
        mesh.at(0).edit({ do: 'type', key: 'a', position, text }),
      );
      const late = newcomer(make);
      late.take(typed[2]!);
      late.take(typed[1]!);
      const { pending } = late.engine.size();
      expect(late.engine.value().text.get('a') ?? '').toBe(['bc', 'c', ''][pending]);
      late.take(typed[0]!);
      expect(late.engine.value().text.get('a')).toBe('abc');
      expect(late.engine.size().pending).toBe(0);
    },
  },
  {
    title: 'MERGE-5 what is no operation and no digest is refused and changes nothing',
    run(make) {
      const cut = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
      fc.assert(
        fc.property(anySession, fc.uint8Array({ maxLength: 40 }), cut, (session, bytes, cut) => {
          const played = play(make, session);
          const { engine } = played.mesh.at(0);
          const other = newcomer(make).engine;
          const before = state(engine);
          const cutShort = (whole: Uint8Array) => whole.slice(0, Math.floor(whole.length * cut));
          const wrong = [new Uint8Array(), ...operationsOf(played).map(cutShort)];
          for (const operation of wrong) {
            expect(engine.receive(operation)).toBe(false);
            expect(other.receive(operation)).toBe(false);
          }
          expect(engine.missing(cutShort(engine.digest()))).toBeNull();
          expect(engine.missing(new Uint8Array())).toBeNull();
          // These may mean something by chance, but must not throw.
          if (!engine.receive(bytes)) expect(state(engine)).toEqual(before);
          engine.missing(bytes);
          expect(state(other)).toEqual(state(newcomer(make).engine));
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-5 operations with a byte changed are refused and change nothing, or are others',
    run(make) {
      fc.assert(
        fc.property(anySession, fc.nat(), fc.integer({ min: 1, max: 255 }), (session, at, flip) => {
          const { engine } = newcomer(make);
          for (const operation of operationsOf(play(make, session))) {
            const changed = operation.slice();
            changed[at % changed.length]! ^= flip;
            const before = state(engine);
            if (!engine.receive(changed)) expect(state(engine)).toEqual(before);
            else state(engine);
          }
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-6 the same intents, clocks and random numbers give the same bytes',
    run(make) {
      fc.assert(
        fc.property(anySession, (session) => {
          const [once, again] = [play(make, session), play(make, session)];
          expect(operationsOf(again)).toEqual(operationsOf(once));
          for (const [i, { engine }] of once.mesh.members.entries()) {
            expect(state(again.mesh.at(i).engine)).toEqual(state(engine));
          }
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-7 nothing that people can ask for throws, and all see the same of it',
    run(make) {
      const strange = fc.oneof(
        fc.constantFrom<readonly Deed[]>(...STRANGE),
        anyDeed(['__proto__', 'toString']).map((deed) => [deed]),
      );
      const steps = fc.array(fc.tuple(fc.nat(1), strange, fc.boolean()), { maxLength: 20 });
      fc.assert(
        fc.property(steps, (steps) => {
          const mesh = new MergeClass({ make, replicas: 2 });
          for (const [who, deeds, isTold] of steps) {
            for (const deed of deeds) mesh.at(who).edit(deed);
            if (isTold) mesh.meet();
          }
          mesh.meet();
          expect(state(mesh.at(1).engine)).toEqual(state(mesh.at(0).engine));
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-8 each atom is of an intent that has come, and together they are the board',
    run(make) {
      fc.assert(
        fc.property(anySession, (session) => {
          const { mesh } = play(make, session, (mesh, step) => {
            if (step.do !== 'pass') checkProvenance(mesh.at(step.who));
          });
          mesh.meet();
          mesh.members.forEach(checkProvenance);
        }),
        RUNS,
      );
    },
  },
  {
    title: 'MERGE-9 one that is made anew and gets all is equal, and goes on in its next life',
    run(make) {
      fc.assert(
        fc.property(anySession, (session) => {
          const { mesh } = play(make, session);
          const [first, second] = [mesh.at(0), mesh.at(1)];
          mesh.meet();
          const anew = first.nextLife();
          anew.repairFrom(second);
          expect(state(anew.engine)).toEqual(state(first.engine));
          mesh.pass(100_000);
          const edit = anew.edit({ do: 'increment', key: 'a', by: 1 });
          expect(edit.operation).not.toBeNull();
          second.take(edit);
          expect(state(anew.engine)).toEqual(state(second.engine));
          checkProvenance(anew);
        }),
        RUNS,
      );
    },
  },
  {
    title: 'the size counts bytes of what is held and of what is shown',
    run(make) {
      const mesh = new MergeClass({ make, replicas: 1 });
      const { engine } = mesh.at(0);
      mesh.editAndTell(0, { do: 'type', key: 'a', position: 0, text: 'é!' });
      expect(engine.size().contentBytes).toBe(3);
      const { stateBytes } = engine.size();
      expect(stateBytes).toBeGreaterThan(3);
      mesh.editAndTell(0, { do: 'add', key: 'a', item: 'milk' });
      expect(engine.size().contentBytes).toBe(7);
      expect(engine.size().stateBytes).toBeGreaterThan(stateBytes + 4);
      mesh.editAndTell(0, { do: 'erase', key: 'a', position: 0, count: 1 });
      expect(engine.size().contentBytes).toBe(5);
    },
  },
];

const far = MAX_POSITION;

/** In the hope that somebody relies on them never coming. */
const STRANGE: readonly (readonly Deed[])[] = [
  [{ do: 'erase', key: 'a', position: far, count: far }],
  [{ do: 'drop', key: 'a', position: far }],
  [{ do: 'move', key: 'a', from: far, to: 0 }],
  [{ do: 'move', key: 'a', from: 0, to: far }],
  [{ do: 'insert', key: 'a', position: far, item: 'x' }],
  [{ do: 'remove', key: 'a', item: 'never there' }],
  [{ do: 'increment', key: 'a', by: 0 }],
  [{ do: 'increment', key: 'a', by: MAX_INCREMENT }],
  [{ do: 'set', key: 'a', value: -0 }],
  [{ do: 'set', key: 'a', value: 1e308 }],
  // Each letter is two units, and the second of them goes.
  [
    { do: 'type', key: 'a', position: 0, text: '😀😀' },
    { do: 'erase', key: 'a', position: 1, count: 1 },
  ],
  [{ do: 'type', key: 'a', position: 1, text: '\ud83d' }],
  [{ do: 'type', key: 'a', position: 0, text: `${'x'.repeat(999)}\ude00` }],
  [{ do: 'add', key: 'a', item: '__proto__' }],
  // As a set, a text and a list of one name.
  [
    { do: 'add', key: 'constructor', item: 'x' },
    { do: 'type', key: 'constructor', position: 3, text: 'x' },
    { do: 'insert', key: 'constructor', position: 3, item: 'x' },
  ],
];

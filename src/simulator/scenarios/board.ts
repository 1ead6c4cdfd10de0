import type { Operation } from '../../checkers/history.ts';
import { AutomergeEngine } from '../../merge/automerge/automerge-engine.ts';
import type { AutomergeLibrary } from '../../merge/automerge/library.ts';
import { boardOf, type Board } from '../../merge/board.ts';
import type { EngineName } from '../../merge/engine.ts';
import type { EngineFactory } from '../../merge/engine-set.ts';
import { OUR_ENGINES } from '../../merge/engines.ts';
import { idOf, type Deed } from '../../merge/intent.ts';
import { YjsEngine } from '../../merge/yjs/yjs-engine.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import { ALL_FAULTS } from '../fault.ts';
import type { Random } from '../random.ts';
import type { ClientAction, Run, Scenario, Violation } from '../scenario.ts';
import { linksOf, partsOf } from '../survivors.ts';
import { ORACLES, type Made } from './board-oracle.ts';
import { effects, type Effects } from './effects.ts';

/** One life of a node. */
interface Editing {
  readonly board: Board;
  /** Each edit leaves a mark on the disk, in the same write: what a wiped disk lost, nobody has to know. */
  readonly marks: Effects;
}

interface Edit extends ClientAction, Made {}
type BoardRun = Run<Editing, Edit>;

/** So often somebody else edits the same field, who may have heard of it by then or not. */
const ANSWERS = 0.7;
const ANSWERED_WITHIN_MS: Milliseconds = 400;
/** Clocks that say the same are rare in so few edits, and have to be met. */
const AT_ONCE = 0.3;

/** A few comparisons along a chain of nodes, with answers that wait for slow disks. */
const CATCHING_UP_MS: Milliseconds = 20_000;

/** More than come between two looks at a board. */
const NEWEST = 10;

/** In the others nothing is lost but what an oracle knows of. */
const LOSSY: ReadonlySet<EngineName> = new Set(['lww', 'lww-hybrid']);

/**
 * Everyone edits a few fields at once, with clocks that jump, and in the end all boards that links lead
 * to are the same in every engine, and so are their ledgers. They say what an oracle says who has
 * seen all edits made.
 */
function boardScenarioOf(name: string, engines: readonly EngineFactory[]): Scenario<Editing, Edit> {
  return {
    ...commonToAll,
    name,
    protocols: (node) => ({ board: node.add(boardOf(engines)), marks: node.add(effects) }),
  };
}

const commonToAll: Omit<Scenario<Editing, Edit>, 'name' | 'protocols'> = {
  faults: ALL_FAULTS,
  safetyMs: 30_000,
  livenessMs: CATCHING_UP_MS,

  operate(run, index, value) {
    const { members, time } = run.cluster;
    const deed = drawDeed(run.random, value);
    edit(run, index, value, deed);
    if (run.random.next() >= ANSWERS) return;
    const other = run.random.below(members.length);
    const answer = drawDeed(run.random, value, deed.key);
    const delay = run.random.next() < AT_ONCE ? 0 : run.random.below(ANSWERED_WITHIN_MS);
    time.after(delay, () => {
      if (members[other]!.responsive) edit(run, other, value, answer);
    });
  },

  healed() {},

  safety: (run) =>
    run.cluster.members.flatMap(({ protocols: { board } }, index): Violation[] => {
      const rule = brokenOrder(board);
      return rule === null ? [] : [{ rule, text: `node ${index} does not` }];
    }),

  liveness: (run) => partsOf(linksOf(run)).flatMap((part) => wrongIn(run, part)),
};

export const boardScenario = boardScenarioOf('board', OUR_ENGINES);

export const yjsBoardScenario = boardScenarioOf('board-yjs', [(world) => new YjsEngine(world)]);

export const automergeBoardScenario = (automerge: AutomergeLibrary) =>
  boardScenarioOf('board-automerge', [(world) => new AutomergeEngine(world, automerge)]);

/** The rule that is broken, if one is. */
function brokenOrder({ records, seen }: Board): string | null {
  let counted = 0;
  for (const count of seen.values()) counted += count;
  if (counted !== records.length) return 'each edit is taken once, in its author’s order';
  const hasPast = records
    .slice(-NEWEST)
    .every(({ intent }) => [...intent.seen].every(([key, count]) => count <= (seen.get(key) ?? 0)));
  return hasPast ? null : 'who has an edit has all that its author had seen';
}

function edit({ cluster, history }: BoardRun, index: number, value: number, deed: Deed): void {
  const { id: process, node, protocols, wall: clock } = cluster.members[index]!;
  const { board, marks } = protocols;
  const knew = new Set<string>(board.records.map(({ intent }) => idOf(intent)));
  const wall = clock.now();
  const calledAt = cluster.time.now();
  const position = history.length;
  node.step(() => {
    const { intent: id } = board.edit(deed, () => {
      const returnedAt = cluster.time.now();
      const known: Operation<Edit> = { ...history[position]!, outcome: 'ok', returnedAt };
      history[position] = known;
    });
    const [, life, number] = id.split('/');
    const made = {
      id,
      node: process,
      life: Number(life),
      number: Number(number),
      wall,
      deed,
      knew,
    };
    const action: Edit = { kind: deed.do, value, at: process, ...made };
    history.push({ process, action, outcome: 'unknown', calledAt, returnedAt: Infinity });
    marks.happen(id);
  });
}

const KEYS = ['a', 'b'];
const ITEMS = ['tea', 'milk', 'rye'];

/** Of all kinds, at places that there are and places that there are not. */
function drawDeed(random: Random, value: number, key = oneOf(random, KEYS)): Deed {
  const place = () => random.below(6);
  const item = oneOf(random, ITEMS);
  return oneOf<() => Deed>(random, [
    () => ({ do: 'set', key, value }),
    () => ({ do: 'set', key, value }),
    () => ({ do: 'increment', key, by: random.below(9) - 4 }),
    () => ({ do: 'add', key, item }),
    () => ({ do: 'remove', key, item }),
    () => ({ do: 'type', key, position: place(), text: 'words🦦'.slice(0, 1 + random.below(7)) }),
    () => ({ do: 'erase', key, position: place(), count: 1 + random.below(3) }),
    () => ({ do: 'insert', key, position: place(), item }),
    () => ({ do: 'drop', key, position: place() }),
    () => ({ do: 'move', key, from: place(), to: place() }),
  ])();
}

function wrongIn(run: BoardRun, part: readonly number[]): Violation[] {
  const { members } = run.cluster;
  const boards = part.map((index) => members[index]!.protocols.board);
  const different = boards.findIndex((board) => imageOf(board) !== imageOf(boards[0]!));
  if (different > 0) {
    const text = `nodes ${part[0]} and ${part[different]}: ${difference(boards[0]!, boards[different]!)}`;
    return [{ rule: 'after the faults all boards are the same', text }];
  }
  return [...forgotten(run, part), ...misjudged(run, boards[0]!)];
}

/** All that people and checkers see of a board. */
function imagesOf(board: Board): string[] {
  const ledgers = board.ledger();
  const images = board.engineNames.map((name) => {
    const { engine } = board.engine(name)!;
    return image([
      name,
      engine.value(),
      engine.conflicts(),
      engine.provenance(),
      ledgers.get(name),
    ]);
  });
  return [image([...board.seen].sort()), ...images];
}

function imageOf(board: Board): string {
  return imagesOf(board).join('\n');
}

function difference(a: Board, b: Board): string {
  const others = imagesOf(b);
  return imagesOf(a)
    .flatMap((one, i) => (one === others[i] ? [] : [`\n  ${one}\n  ${others[i]}`]))
    .join('');
}

function image(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part instanceof Map ? [...part].sort(([a], [b]) => (a < b ? -1 : 1)) : part,
  );
}

/** What is on the disk of one is known to all; and what was acknowledged is there, unless it was wiped since. */
function forgotten({ cluster, history }: BoardRun, part: readonly number[]): Violation[] {
  return part.flatMap((index): Violation[] => {
    const { id: process, protocols } = cluster.members[index]!;
    const known = new Set<string>(protocols.board.records.map(({ intent }) => idOf(intent)));
    const kept = new Set(protocols.marks.ids());
    const own = history.filter(({ action }) => action.at === process);
    const sinceWipe = own.slice(own.findIndex(({ action }) => kept.has(action.id)));
    const lost = kept.size === 0 ? [] : sinceWipe.filter(({ action: { id }, outcome }) => outcome === 'ok' && !kept.has(id)); // prettier-ignore
    const unknown = [...kept].filter((id) => !known.has(id));
    return [...lost.map(({ action }) => action.id), ...unknown].map((id) => ({
      rule: 'what was acknowledged is kept, and known to all',
      text: `node ${index} has forgotten ${id}`,
    }));
  });
}

/** The ledger against the oracle, and against what each author knew. */
function misjudged({ history }: BoardRun, board: Board): Violation[] {
  const known = new Set<string>(board.records.map(({ intent }) => idOf(intent)));
  const all = history.map(({ action }) => action).filter(({ id }) => known.has(id));
  const knowledge = new Map(all.map(({ id, knew }) => [id, knew]));
  return [...board.ledger()].flatMap(([name, { entries }]): Violation[] => {
    const wrong: Violation[] = [];
    const claim = (rule: string, holds: boolean, text: string) => {
      if (!holds) wrong.push({ rule, text: `${name}: ${text}` });
    };
    claim('each edit is in the ledger', entries.length === all.length, `${entries.length} are`);
    const right = ORACLES.get(name)?.(all);
    for (const { intent, fate, by } of entries) {
      const id = idOf(intent);
      const should = right?.get(id) ?? fate;
      claim(
        'the ledger says what the oracle says',
        fate === should,
        `${id}: ${fate}, not ${should}`,
      );
      const mayBeLost = LOSSY.has(name) || right?.get(id) === 'lost';
      claim('where nothing can be lost nothing is', fate !== 'lost' || mayBeLost, id);
      const isNamed = fate !== 'lost' || (by !== null && !knowledge.get(idOf(by))!.has(id));
      claim('a lost edit was erased by one that had not seen it', isNamed, id);
    }
    return wrong;
  });
}

function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.below(items.length)]!;
}

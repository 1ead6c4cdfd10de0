import type { BoardPicture, EnginePicture } from '../../../client/session/board/board-picture.ts';
import { ClockNotes } from '../../../client/session/board/clock-notes.ts';
import {
  ALONE,
  elsewhereOf,
  type ElsewherePicture,
} from '../../../client/session/board/elsewhere.ts';
import type { LabActions, LabView } from '../../../client/session/board/lab-view.ts';
import { pictureOf } from '../../../client/session/board/picture-of.ts';
import { writesInTime, type WritesInTime } from '../../../client/session/board/writes-in-time.ts';
import { boardOf, type Board } from '../../../src/merge/board.ts';
import { OUR_ENGINES } from '../../../src/merge/engines.ts';
import type { Deed, IntentId } from '../../../src/merge/intent.ts';
import { YjsEngine } from '../../../src/merge/yjs/yjs-engine.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { ANIMALS, LONG_NAME } from './names.ts';

/** Real boards of a class of four, in virtual time, and pictures of the first one's. */

const NOON = Date.UTC(2026, 2, 2, 10, 42, 7);

/** Heron's. */
const AHEAD_MS = 5_000;

const MICROS: { readonly [engine: string]: number } = {
  ...{ lww: 3.1, 'lww-hybrid': 4.2, siblings: 9, crdt: 11, yjs: 8.4, automerge: 1_400 },
};

const ALIVE = { verdict: 'alive', state: 'alive' } as const;
const DEAD = { verdict: 'dead', state: 'dead' } as const;

class BoardClass {
  readonly cluster: Cluster<Board>;
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
    this.cluster = new Cluster<Board>({
      nodes: names.length,
      seed: 'gallery',
      protocols: (node) => node.add(boardOf([...OUR_ENGINES, (world) => new YjsEngine(world)])),
    });
    for (const [n, { wall }] of this.cluster.members.entries())
      wall.setOffset(NOON + (n === 0 ? AHEAD_MS : 0));
    this.cluster.linkAll();
    this.pass(100);
  }

  pass(ms: number): void {
    this.cluster.time.runFor(ms);
  }

  /** Each a moment after the one before. */
  edit(member: number, ...deeds: readonly Deed[]): void {
    for (const deed of deeds) {
      const { node, protocols } = this.cluster.members[member]!;
      node.step(() => protocols.edit(deed));
      this.pass(40);
    }
  }

  /** The first two on one side, the others on the other. */
  split(): void {
    for (const a of [0, 1]) for (let b = 2; b < this.names.length; b++) this.cluster.unlink(a, b);
    this.pass(100);
  }

  heal(): void {
    this.cluster.linkAll();
    this.pass(5_000);
  }

  /** While it is split, as the second member knows it. */
  elsewhere(): ElsewherePicture {
    const { members } = this.cluster;
    const { protocols: board } = members[1]!;
    const peers = members.map(({ id }, n) => ({
      ...{ id, name: this.names[n]!, link: 'open' as const },
      ...(n < 2 ? ALIVE : DEAD),
    }));
    return elsewhereOf(board.records, board.others, peers);
  }

  /** As the second member knows it. */
  inTime(one: IntentId, other: IntentId): WritesInTime | null {
    return writesInTime(this.cluster.members[1]!.protocols.records, [one, other], this.telling());
  }

  /** As the second member has it, and with one engine more, which shows what our CRDTs show. */
  picture(focus: BoardPicture['focus'] = { engine: 'lww', fate: 'lost' }): BoardPicture {
    const { protocols: board, id: self } = this.cluster.members[1]!;
    const { nameOf, clockOff, clocks } = this.telling();
    const making = pictureOf(
      board.engineNames.map((name) => board.engine(name)!),
      {
        ...{ records: board.records, self, nameOf, focus },
        ...{ clockOff, clocks },
        timeOf: (wall) => new Date(wall).toISOString().slice(11, 19),
        microsPerOperation: ({ name }) => MICROS[name]!,
      },
    );
    for (;;) {
      const { done, value } = making.next();
      if (done === true) return { ...value, engines: [...value.engines, asAutomerge(value)] };
    }
  }

  private telling() {
    const ids = this.cluster.members.map(({ id }) => id);
    const nameOf = (node: NodeId) => this.names[ids.indexOf(node)] ?? node;
    const notes = new ClockNotes();
    const { records } = this.cluster.members[1]!.protocols;
    notes.look(records, new Map(ids.map((id, n) => [id, n === 0 ? AHEAD_MS : n])));
    return { nameOf, clockOff: notes.off, clocks: notes.wrong(nameOf) };
  }
}

function asAutomerge({ engines }: BoardPicture): EnginePicture {
  const crdt = engines.find(({ name }) => name === 'crdt')!;
  const { editBytes, receivedBytes, stateBytes } = crdt.costs;
  return {
    ...crdt,
    name: 'automerge',
    costs: {
      ...crdt.costs,
      editBytes: 3 * editBytes,
      receivedBytes: 3 * receivedBytes,
      stateBytes: 2 * stateBytes,
      microsPerOperation: MICROS['automerge']!,
    },
  };
}

const set = (key: string, value: string): Deed => ({ do: 'set', key, value });
const add = (key: string, item: string): Deed => ({ do: 'add', key, item });
const last = (key: string, item: string): Deed => ({ do: 'insert', key, position: 99, item });
const type = (text: string, position = 99): Deed => ({ do: 'type', key: 'report', position, text });
const goal: Deed = { do: 'increment', key: 'goals', by: 1 };

function begun(names: readonly string[] = ANIMALS.slice(0, 4)): BoardClass {
  const board = new BoardClass(names);
  board.edit(2, set('captain', 'Ida'), goal, add('fruit', 'apple'), add('fruit', 'pear'));
  board.edit(3, type('it rained '), last('order', 'warm up'), last('order', 'play'), goal);
  return board;
}

function parted(): BoardClass {
  const board = begun();
  board.split();
  board.edit(2, set('captain', 'Noor'), goal, goal, add('fruit', 'kiwi'), type('at half time '));
  board.edit(0, set('captain', 'Mia'), goal, { do: 'remove', key: 'fruit', item: 'pear' });
  board.edit(1, type('we won '), last('order', 'cheer'), set('colour', 'green'));
  board.edit(3, last('order', 'rest'), { do: 'move', key: 'order', from: 1, to: 0 });
  board.edit(3, set('colour', 'blue'));
  return board;
}

function healed(): BoardClass {
  const board = parted();
  board.heal();
  return board;
}

function long(): BoardClass {
  const board = begun([ANIMALS[0]!, LONG_NAME, ANIMALS[2]!, ANIMALS[3]!]);
  const words = 'The otter swam upstream all morning, and nobody knew why. ';
  board.edit(2, set('the name of the captain of the whole school’s first team', 'Wilhelmina '.repeat(9))); // prettier-ignore
  board.edit(3, set('donaudampfschifffahrtsgesellschaft', 'Donaudampfschifffahrtsgesellschaft'.repeat(4))); // prettier-ignore
  for (let n = 0; n < 35; n++) board.edit(2, type(words, 0));
  for (let n = 0; n < 40; n++) board.edit(1, add('fruit', `a fruit with a long name, number ${n}`));
  board.split();
  board.edit(1, type(words.repeat(3), 0), set('captain', 'B'.repeat(300)));
  board.edit(3, type('Nothing of this is true. ', 0), set('captain', 'no spaces'.repeat(20)));
  for (let n = 0; n < 30; n++) board.edit(3, set('captain', `candidate ${n}`), goal);
  for (let n = 0; n < 30; n++) board.edit(0, goal);
  board.heal();
  return board;
}

function open(picture: BoardPicture, lacks: string | null = null, elsewhere = ALONE): LabView {
  return { at: 'open', picture, elsewhere, lacks, past: null };
}

function split(): LabView {
  const board = parted();
  return open(board.picture(), null, board.elsewhere());
}

function past(step: number, played: number | null): LabView {
  const picture = healed().picture();
  const past = { step, of: picture.writes, played, picture: parted().picture() };
  return { at: 'open', picture, elsewhere: ALONE, lacks: null, past };
}

export const LABS = new Map<string, () => LabView>([
  ['fetching', () => ({ at: 'fetching', share: 0.4 })],
  ['failed', () => ({ at: 'failed', sentence: 'I could not fetch the merge lab. Try again when the server is there and my node runs.' })], // prettier-ignore
  ['away', () => ({ at: 'away', sentence: 'My node has crashed, and its board with it. Restart it, and what was stored is back.' })], // prettier-ignore
  ['empty', () => open(new BoardClass(ANIMALS.slice(0, 4)).picture())],
  ['lacks', () => open(begun().picture(), 'This tab’s board goes without Automerge, which could not be loaded: it did not come within 60 s. Reload the page to try again.')], // prettier-ignore
  ['begun', () => open(begun().picture())],
  ['split', split],
  ['healed', () => open(healed().picture(), null, { ...ALONE, known: 3, inReach: 3 })],
  ['doubled', () => open(healed().picture({ engine: 'siblings', fate: 'doubled' }))],
  ['past', () => past(18, null)],
  ['past-busy', () => past(18, 7)],
  ['long', () => open(long().picture())],
]);

/** Takes nothing. */
export const labActions: LabActions = {
  edit: () => 'There is no more room on this board: it shows 128 KiB (by siblings). Take something away first.', // prettier-ignore
  editText: (_engine, _key, before, wanted) => ({
    ...{ text: before, wanted },
    refused: 'What is typed at once is a text of 1 to 1000 characters: type a longer one in parts.',
  }),
  textNow: () => 'it rained at half time ',
  focusOn: () => {},
  inTime: (one, other) => healed().inTime(one, other),
  showPast: () => {},
  exportSheet: () => {},
  retry: () => {},
};

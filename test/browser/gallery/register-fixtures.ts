import type {
  CopyPicture,
  KindPicture,
  RegistersPicture,
  SideFigures,
} from '../../../client/views/registers/picture.ts';
import { USUAL_LOAD } from '../../../client/teacher/registers/load-fields.ts';
import type { RegisterChoices } from '../../../client/teacher/registers/register-plan.ts';
import { usualSetting } from '../../../src/network/register-setting.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { ANIMALS } from './names.ts';

const side = (
  name: string,
  [answered, refused, unknown]: readonly [number, number, number],
  times: readonly [number, number] | null,
): SideFigures => ({
  ...{ name, answered, refused, unknown },
  ...{ p50Ms: times?.[0] ?? null, p99Ms: times?.[1] ?? null },
});

const GUARANTEES = ['own writes', 'no going back', 'writes in order'];
const sessions = (...broken: readonly number[]) =>
  GUARANTEES.map((name, i) => ({ name, broken: broken[i] ?? 0 }));

const FIVE = `${ANIMALS[0]}’s side (5)`;
const THREE = `${ANIMALS[5]}’s side (3)`;

const SPLIT: readonly KindPicture[] = [
  {
    kind: 'cp',
    about: '5 of 8 vote',
    whole: side('', [212, 0, 0], [11, 42]),
    sides: [side(FIVE, [131, 2, 1], [12, 640]), side(THREE, [0, 71, 4], null)],
    ...{ reads: 170, staleReads: 0, bytesEach: 1_184 },
    judgement: {
      state: 'linearizable',
      text: 'All 344 answers could be those of one machine.',
      at: null,
    },
    sessions: sessions(),
    pacelc: {
      name: 'PC/EC',
      because:
        'Split, it turned 94 % away on one side; whole, an answer took a round trip more than a local one.',
    },
  },
  {
    kind: 'ap',
    about: 'the latest write wins',
    whole: side('', [214, 0, 0], [0.4, 2.1]),
    sides: [side(FIVE, [133, 0, 0], [0.4, 2]), side(THREE, [74, 0, 0], [0.5, 2.4])],
    ...{ reads: 214, staleReads: 61, bytesEach: 620 },
    judgement: {
      state: 'broken',
      text: `${ANIMALS[6]} read 'red' 2.1 s after ${ANIMALS[1]} had written 'blue'.`,
      at: 12_400,
    },
    sessions: sessions(4, 2, 0),
    pacelc: {
      name: 'PA/EL',
      because: 'Split, every side was answered; whole, an answer took 0.4 ms.',
    },
  },
  {
    kind: 'quorum',
    about: 'N 3 · R 2 · W 2, strict',
    whole: side('', [210, 0, 1], [6.2, 31]),
    sides: [side(FIVE, [86, 44, 2], [6.8, 410]), side(THREE, [31, 40, 3], [5.9, 38])],
    ...{ reads: 160, staleReads: 0, bytesEach: 512 },
    judgement: { state: 'judging', text: '', at: null },
    sessions: sessions(0, 1, 0),
    pacelc: {
      name: 'PC/EC',
      because: 'Split, 45 % were turned away; whole, two copies had to answer.',
    },
  },
];

const copy = (text: string, differs = false, standsIn = false): CopyPicture => ({
  ...{ text, differs, standsIn },
});

function copiesOf(count: number, split: boolean): RegistersPicture['copies'] {
  return Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    name: ANIMALS[i] ?? `Node ${i}`,
    side: split && i >= 5 ? 1 : 0,
    values: {
      cp: copy(
        split && i >= 5 ? '"blue"' : '"a rather long value that somebody typed"',
        split && i >= 5,
      ),
      ap: copy(split && i >= 5 ? '"red"' : '"blue"', split && i >= 5),
      quorum: [0, 3, 6].includes(i) ? copy('"blue"', false, split && i === 6) : null,
    },
  }));
}

const unused = side('', [0, 0, 0], null);
const NEVER: readonly KindPicture[] = SPLIT.map(({ kind, about }) => ({
  ...{ kind, about, whole: unused, sides: [], reads: 0, staleReads: 0, bytesEach: null },
  judgement: { state: 'none', text: '', at: null },
  sessions: sessions(),
  pacelc: null,
}));

/** The registers of a class, as a page may have to draw them. */
export const REGISTERS: ReadonlyMap<string, RegistersPicture> = new Map([
  ['none', { kinds: NEVER, key: null, keys: [], copies: [] }],
  [
    'whole',
    {
      kinds: SPLIT.map((each) => ({ ...each, sides: [] })),
      ...{ key: 'x', keys: ['x', 'y', 'z'], copies: copiesOf(8, false) },
    },
  ],
  ['split', { kinds: SPLIT, key: 'x', keys: ['x', 'y'], copies: copiesOf(8, true) }],
  ['many', { kinds: SPLIT, key: 'x', keys: ['x'], copies: copiesOf(24, true) }],
]);

/** What a teacher may have chosen for them. */
export const REGISTER_CHOICES: ReadonlyMap<string, RegisterChoices> = new Map([
  ['unused', { registers: null, registerLoad: null }],
  [
    'asking',
    {
      registers: {
        ...usualSetting(3, { id: testNodeId(0), life: 1 }, [1, 2, 3, 4, 5].map(testNodeId)),
        repair: 'before',
      },
      registerLoad: { ...USUAL_LOAD, hop: true, fix: 'floor' },
    },
  ],
  [
    'sloppy',
    {
      registers: {
        ...usualSetting(3, { id: testNodeId(0), life: 1 }, [1, 2, 3, 4, 5].map(testNodeId)),
        ...{ sloppy: true, r: 1, w: 1 },
      },
      registerLoad: USUAL_LOAD,
    },
  ],
]);

import { USUAL_LOAD } from '../../../client/teacher/registers/load-fields.ts';
import {
  registersPicture,
  type RegistersPicture,
} from '../../../client/views/registers/picture.ts';
import { GUARANTEES } from '../../../src/checkers/marked-sessions.ts';
import type { KindReport, RegisterReport } from '../../../src/checkers/register-report.ts';
import type { RegisterChoices } from '../../../src/network/register-choices.ts';
import { usualSetting, type RegisterSetting } from '../../../src/network/register-setting.ts';
import { pacelcOf } from '../../../src/trace/pacelc.ts';
import type { KindFigures, Latencies, Tally } from '../../../src/trace/register-figures.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { ANIMALS } from './names.ts';

const idsOf = (count: number): NodeId[] => Array.from({ length: count }, (_, i) => testNodeId(i));
const EIGHT = idsOf(8);
const FIVE = EIGHT.slice(0, 5);
const THREE = EIGHT.slice(5);

function tally(answered: number, refused = 0, unknown = 0): Tally {
  const ended = answered + refused + unknown;
  const availability = ended === 0 ? null : answered / ended;
  return { asked: ended, answered, refused, unknown, open: 0, availability };
}

const latencies = (p50: number, p99: number): Latencies => ({ count: 200, p50, p95: p99, p99 });

const NOTHING_STALE = { reads: 0, stale: 0, worstMs: 0 };

const FIGURES: readonly KindFigures[] = [
  {
    ...{ kind: 'cp', whole: tally(212), bytesPerRequest: 1_184 },
    sides: [
      { nodes: FIVE, tally: tally(131, 2, 1) },
      { nodes: THREE, tally: tally(0, 71, 4) },
    ],
    latency: { whole: latencies(11, 42), split: latencies(12, 640) },
    staleness: {
      whole: { ...NOTHING_STALE, reads: 120 },
      split: { ...NOTHING_STALE, reads: 76 },
    },
  },
  {
    ...{ kind: 'ap', whole: tally(214), bytesPerRequest: 620 },
    sides: [
      { nodes: FIVE, tally: tally(133) },
      { nodes: THREE, tally: tally(74) },
    ],
    latency: { whole: latencies(0.4, 2.1), split: latencies(0.4, 2.4) },
    staleness: {
      whole: { reads: 130, stale: 3, worstMs: 31 },
      split: { reads: 120, stale: 61, worstMs: 14_200 },
    },
  },
  {
    ...{ kind: 'quorum', whole: tally(210, 0, 1), bytesPerRequest: 512 },
    sides: [
      { nodes: FIVE, tally: tally(86, 44, 2) },
      { nodes: THREE, tally: tally(31, 40, 3) },
    ],
    latency: { whole: latencies(6.2, 31), split: latencies(6.8, 410) },
    staleness: {
      whole: { ...NOTHING_STALE, reads: 118 },
      split: { ...NOTHING_STALE, reads: 64 },
    },
  },
];

const judged: readonly KindReport['judgement'][] = [
  { verdict: 'linearizable', answers: 343 },
  {
    verdict: 'not linearizable',
    witness: {
      ...{ node: testNodeId(6), key: 'r1', do: 'get', value: '"red"' },
      ...{ askedAt: 12_398, at: 12_400, staleForMs: 2_100 },
    },
  },
  { verdict: 'undecided', key: 'r2' },
];

function reportOf(figures: readonly KindFigures[], told: RegisterReport['told']): RegisterReport {
  const pacelc = pacelcOf(figures);
  return {
    kinds: figures.map((each, i) => ({
      ...{ figures: each, pacelc: pacelc[i]!, judgement: judged[i]! },
      sessions: GUARANTEES.map((guarantee, at) => ({ guarantee, broken: i === 1 ? 4 >> at : 0 })),
    })),
    keys: [...new Set(told.map(({ key }) => key))],
    ...{ told, holes: 0 },
  };
}

function toldTo(nodes: readonly NodeId[]): RegisterReport['told'] {
  return nodes.flatMap((node, i) => {
    const isFar = i >= 5;
    return [
      ...(isFar ? [] : [{ key: 'r1', node, kind: 'cp' as const, value: '"a rather long value that somebody typed"' }]), // prettier-ignore
      { key: 'r1', node, kind: 'ap' as const, value: isFar ? '"red"' : '"blue"' },
      { key: 'r1', node, kind: 'quorum' as const, value: '"blue"' },
      { key: 'r2', node, kind: 'ap' as const, value: '{"x":1}' },
    ];
  });
}

const NEVER: RegisterReport = {
  ...reportOf(
    FIGURES.map(({ kind }) => ({
      ...{ kind, whole: tally(0), sides: [], bytesPerRequest: null },
      latency: { whole: null, split: null },
      staleness: { whole: NOTHING_STALE, split: NOTHING_STALE },
    })),
    [],
  ),
};
const SILENT: RegisterReport = {
  ...NEVER,
  kinds: NEVER.kinds.map((kind) => ({
    ...kind,
    judgement: { verdict: 'none', answers: 0 },
    sessions: kind.sessions.map((each) => ({ ...each, broken: 0 })),
  })),
};

const SETTING: RegisterSetting = usualSetting(3, { id: testNodeId(0), life: 1 }, EIGHT);

function pictureOf(report: RegisterReport, nodes: readonly NodeId[]): RegistersPicture {
  const named = nodes.map((id, i) => ({ id, name: ANIMALS[i] ?? `Node ${i}` }));
  return registersPicture(report, named, SETTING, null);
}

const whole = FIGURES.map((each) => ({ ...each, sides: [] }));

/** The registers of a class, as a page may have to draw them. */
export const REGISTERS: ReadonlyMap<string, RegistersPicture> = new Map([
  ['none', pictureOf(SILENT, EIGHT)],
  ['whole', pictureOf(reportOf(whole, toldTo(FIVE)), EIGHT)],
  ['split', pictureOf(reportOf(FIGURES, toldTo(EIGHT)), EIGHT)],
  ['holes', pictureOf({ ...reportOf(FIGURES, toldTo(idsOf(24))), holes: 212 }, idsOf(24))],
]);

/** What a teacher may have chosen for them. */
export const REGISTER_CHOICES: ReadonlyMap<string, RegisterChoices | null> = new Map([
  ['unused', null],
  [
    'asking',
    {
      setting: { ...SETTING, repair: 'before' },
      load: { ...USUAL_LOAD, hop: true, fix: 'floor' },
    },
  ],
  ['sloppy', { setting: { ...SETTING, sloppy: true, r: 1, w: 1 }, load: USUAL_LOAD }],
]);

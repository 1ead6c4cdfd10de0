import { describe, expect, test } from 'vitest';
import {
  MAX_TITLE_LENGTH,
  UNTOUCHED,
  type NetworkChange,
} from '../../src/network/network-document.ts';
import { DEFAULT_CHOICES, type SomeChoices } from '../../src/network/room-choices.ts';
import type { NodeAct, NodeCondition } from '../../src/network/node-condition.ts';
import { titleOfAct, titleOfChange } from '../../src/network/titles.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';
import { rule, type Faults } from './measure.ts';

const NAMES = ['', 'Otter', 'Heron', 'Wren'];
const nameOf = (id: NodeId) => NAMES[Number(id.slice(1))] ?? id;
const ids = (count: number, from = 1) => Array.from({ length: count }, (_, i) => testNodeId(from + i)); // prettier-ignore
const titleOf = (change: NetworkChange, title = '') =>
  titleOfChange(change, { ...UNTOUCHED, title }, nameOf);
const links = (...rules: ReturnType<typeof rule>[]): NetworkChange => ({ do: 'links', rules });

describe('NET-10 the title says what the teacher did', () => {
  test.each<[Faults, string]>([
    [{ cut: true, latencyMs: 5 }, 'cuts Otter → Heron'],
    [{ blackhole: true }, 'silences Otter → Heron'],
    [{ latencyMs: 200, loss: 0.1 }, 'slows Otter → Heron'],
    [{ bytesPerSecond: 1_000, queueBytes: 0 }, 'slows Otter → Heron'],
    [{ loss: 0.2, lossBurst: 3 }, 'thins Otter → Heron'],
    [{ corrupt: 0.1 }, 'disturbs Otter → Heron'],
    [{}, 'clears Otter → Heron'],
    [{ loss: 0, lossBurst: 3 }, 'clears Otter → Heron'],
  ])('one link %o', (faults, title) => {
    expect(titleOf(links(rule(faults)))).toBe(title);
  });

  test('several links', () => {
    const cut = { cut: true };
    expect(titleOf(links(rule(cut), rule(cut, 2, 1)))).toBe('cuts Otter ⇄ Heron');
    expect(titleOf(links(rule(cut), rule({ loss: 1 })))).toBe('changes Otter → Heron');
    expect(titleOf(links(rule(cut), rule(cut, 2, 3)))).toBe('cuts 2 directions');
    expect(titleOf(links(rule(cut), rule({}, 2, 1), rule({}, 3, 1)))).toBe('changes 3 directions');
  });

  test.each<[NodeId[][], 'cut' | 'blackhole', string]>([
    [[ids(5), ids(3, 6)], 'cut', 'splits 5 | 3'],
    [[ids(5), ids(3, 6)], 'blackhole', 'splits 5 | 3 silently'],
    [[ids(5), ids(4, 5)], 'cut', 'splits 5 | 4 with a bridge'],
    [[ids(5), [], ids(1), [...ids(2, 6), ...ids(2, 6)]], 'cut', 'splits 5 | 1 | 2 with a bridge'],
    [[ids(8)], 'cut', 'joins 8 nodes again'],
    [ids(60).map((id) => [id]), 'cut', 'splits 60 nodes into 60 groups'],
  ])('a partition', (groups, style, title) => {
    expect(titleOf({ do: 'partition', groups, style })).toBe(title);
  });

  test.each<[Omit<NodeCondition, 'id'>, string]>([
    [{ unplugged: true }, 'unplugs Wren'],
    [{ unplugged: false }, 'plugs Wren in again'],
    [{ wallOffsetMs: 5_000 }, 'sets the clock of Wren 5 s ahead'],
    [{ wallOffsetMs: -86_400_000 }, 'sets the clock of Wren 24 h back'],
    [{ wallOffsetMs: 0 }, 'sets the clock of Wren right'],
    [{ driftPpm: -50_000 }, 'lets the clock of Wren run 5 % slow'],
    [{ driftPpm: 100 }, 'lets the clock of Wren run 0.01 % fast'],
    [{ driftPpm: 0 }, 'lets the clock of Wren run evenly'],
    [{ sendOmission: 0.5 }, 'loses 50 % of what Wren sends'],
    [{ sendOmission: 0, receiveOmission: 0 }, 'lets Wren send all again, lets Wren hear all again'],
    [{ receiveOmission: 1 / 3 }, 'loses 33.3 % of what reaches Wren'],
    [{ slowMs: 200 }, 'slows Wren by 200 ms a frame'],
    [{ slowMs: 0, unplugged: true }, 'lets Wren work at full speed, unplugs Wren'],
    [{}, 'leaves Wren as it is'],
  ])('a condition %o', (fields, title) => {
    expect(titleOf({ do: 'node', condition: { id: testNodeId(3), ...fields } })).toBe(title);
  });

  test.each<[SomeChoices, string]>([
    [{ detector: 'phi' }, 'detects failures by growing doubt (phi)'],
    [{ detector: 'swim' }, 'leaves the protocols as they are'],
    [{ activeView: 3, relay: true }, 'gives each node 3 neighbours, lets nodes pass messages on'],
    [{ spread: 'flood' }, 'floods news over every link'],
    [
      { spread: 'rumour', rumourStyle: 'pull', rumourFanout: 3 },
      'spreads rumours: pull, 3 a round, 8 rounds',
    ],
    [
      { antiEntropy: false, causal: true },
      'stops neighbours comparing, delivers causes before effects',
    ],
    [{ service: testNodeId(3) }, 'lets all call Wren, 5 times a second each'],
    [
      { callsPerSecond: 1, retries: 'naive', service: testNodeId(1) },
      'lets all call Otter, once a second each, lets callers retry at once',
    ],
    [{ callsPerSecond: 9 }, 'lets calls come 9 times a second each'],
    [{ retries: 'none', service: null }, 'lets callers try only once'],
    [
      { election: { algorithm: 'bully', turn: 1, by: { id: testNodeId(1), life: 1 } } },
      'elects by the bully algorithm',
    ],
    [
      { electionSlowness: 10, electionVoters: [testNodeId(1), testNodeId(3)] },
      'slows elections down 10 times, lets Otter, Wren vote',
    ],
    [
      {
        registers: {
          setting: {
            ...{ turn: 1, by: { id: testNodeId(1), life: 1 }, nodes: [testNodeId(1)] },
            ...{ n: 1, r: 1, w: 1, sloppy: false, repair: 'none', rule: 'lww' },
          },
          load: { perSecond: 2, keys: 1, reads: 0.5, hop: false, fix: 'none' },
        },
      },
      'keeps copies: 1, of which reads ask 1, writes 1, asks each register 2 times a second',
    ],
    [{ registers: { setting: null, load: null } }, 'opens the registers'],
  ])('a choice %o', (choices, title) => {
    expect(titleOf({ do: 'choose', choices })).toBe(title);
  });

  test('an end of all calls', () => {
    const choices = { ...DEFAULT_CHOICES, service: testNodeId(1) };
    const change: NetworkChange = { do: 'choose', choices: { service: null } };
    expect(titleOfChange(change, { ...UNTOUCHED, choices }, nameOf)).toBe('lets nobody call');
  });

  test('healing and taking back', () => {
    const back: NetworkChange = { ...UNTOUCHED, do: 'restore' };
    expect(titleOf({ do: 'heal' })).toBe('heals all links');
    const once = titleOf(back, 'splits 5 | 3');
    expect(once).toBe('takes back: splits 5 | 3');
    const twice = titleOf(back, once);
    expect(twice).toBe('takes back one change more');
    expect(titleOf(back, twice)).toBe(twice);
  });

  test.each<[NodeAct, string]>([
    [{ id: testNodeId(3), do: 'jump', byMs: -1_500 }, 'moves the clock of Wren 1.5 s back'],
    [{ id: testNodeId(3), do: 'jump', byMs: 200 }, 'moves the clock of Wren 200 ms ahead'],
    [{ id: testNodeId(3), do: 'pause', ms: 4_000 }, 'freezes Wren for 4 s'],
    [{ id: testNodeId(3), do: 'pause', ms: 600_000 }, 'freezes Wren for 10 min'],
    [{ id: testNodeId(3), do: 'crash' }, 'crashes Wren'],
    [{ id: testNodeId(3), do: 'restart', keepDisk: true }, 'restarts Wren'],
    [{ id: testNodeId(3), do: 'restart', keepDisk: false }, 'restarts Wren without its disk'],
  ])('an act %o', (act, title) => {
    expect(titleOfAct(act, nameOf)).toBe(title);
  });

  test('no name, however long, makes it longer than a title may be, or leaves half a character', () => {
    const condition = { id: testNodeId(1), unplugged: true, driftPpm: 5, slowMs: 5, wallOffsetMs: 5, sendOmission: 1 }; // prettier-ignore
    for (const name of ['🦦'.repeat(12), `x${'🦦'.repeat(11)}`]) {
      const title = titleOfChange({ do: 'node', condition }, UNTOUCHED, () => name);
      expect(title.length).toBeLessThanOrEqual(MAX_TITLE_LENGTH);
      expect(title.length).toBeGreaterThan(MAX_TITLE_LENGTH - 3);
      expect(new TextDecoder().decode(new TextEncoder().encode(title))).toBe(title);
      expect(title.endsWith('…')).toBe(true);
    }
  });
});

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { NetworkActions } from '../../../client/teacher/network-actions.ts';
import { carryOut, cutLinks, waysOf } from '../../../client/teacher/network-steps.ts';
import { canApply, PRESETS, type PresetId, type Target } from '../../../client/teacher/presets.ts';
import { MAX_SWIZZLED, planSwizzle, swizzleChange } from '../../../client/teacher/swizzle.ts';
import { networkChangeSchema } from '../../../src/network/network-document.ts';
import { nodeActSchema } from '../../../src/network/node-condition.ts';
import { testNodeId } from '../../support/node-ids.ts';

const ids = Array.from({ length: 7 }, (_, i) => testNodeId(i));
const [a, b, c, d, e, f, g] = ids;

function target(change: Partial<Target> = {}): Target {
  return { ids, nodes: [], way: null, ruleOf: () => ({}), ...change };
}

function steps(id: PresetId, change: Partial<Target> = {}) {
  const preset = PRESETS.find((each) => each.id === id)!;
  expect(canApply(preset, target(change))).toBe(true);
  return preset.steps(target(change));
}

describe('presets', () => {
  it('a clean cut has half of the class on each side', () => {
    expect(steps('clean-cut')).toEqual([
      {
        do: 'partition',
        groups: [
          [a, b, c, d],
          [e, f, g],
        ],
        style: 'cut',
      },
    ]);
  });

  it('a bridge is in both groups, all others in one', () => {
    expect(steps('bridge', { nodes: [b!] })).toEqual([
      {
        do: 'partition',
        groups: [
          [a, c, d, b],
          [e, f, g, b],
        ],
        style: 'cut',
      },
    ]);
  });

  it('a minority is the leader and one neighbour, the one that is selected second if there is one', () => {
    expect(steps('minority', { nodes: [c!] })).toEqual([
      {
        do: 'partition',
        groups: [
          [c, a],
          [b, d, e, f, g],
        ],
        style: 'cut',
      },
    ]);
    expect(steps('minority', { nodes: [c!, g!] })).toEqual([
      {
        do: 'partition',
        groups: [
          [c, g],
          [a, b, d, e, f],
        ],
        style: 'cut',
      },
    ]);
  });

  it('one way silences the way back alone, and keeps what lay upon it', () => {
    const ruleOf = () => ({ latencyMs: 200 });
    expect(steps('one-way', { way: { from: a!, to: b! }, ruleOf })).toEqual([
      { do: 'links', rules: [{ from: b, to: a, latencyMs: 200, blackhole: true }] },
    ]);
  });

  it('flaky Wi-Fi is laid upon all ways from and to the selected nodes, each once', () => {
    const [step] = steps('flaky', { nodes: [a!, b!] });
    if (step?.do !== 'links') throw new Error('expected rules');
    const ways = step.rules.map(({ from, to }) => `${from} ${to}`);
    expect(new Set(ways).size).toBe(ways.length);
    expect(ways).toHaveLength(2 * (6 + 5));
    expect(step.rules.every(({ loss, lossBurst }) => loss! > 0 && lossBurst! > 1)).toBe(true);
  });

  it('clocks and pauses are for each selected node', () => {
    expect(steps('clock-ahead', { nodes: [a!, b!] })).toEqual([
      { do: 'node', condition: { id: a, wallOffsetMs: 5_000 } },
      { do: 'node', condition: { id: b, wallOffsetMs: 5_000 } },
    ]);
    expect(steps('long-pause', { nodes: [a!] })).toEqual([
      { do: 'act', act: { do: 'pause', id: a, ms: 15_000 } },
    ]);
  });

  it('ask for what they need', () => {
    const missing = PRESETS.filter((preset) => !canApply(preset, target())).map(({ id }) => id);
    expect(missing).toEqual(PRESETS.filter(({ needs }) => needs !== 'nothing').map(({ id }) => id));
  });

  it('MESH-9 ask for nothing that the server would refuse', () => {
    const full = target({ nodes: [a!, b!], way: { from: a!, to: b! } });
    for (const step of PRESETS.flatMap((preset) => preset.steps(full))) {
      const checked =
        step.do === 'act'
          ? v.safeParse(nodeActSchema, step.act)
          : v.safeParse(networkChangeSchema, step);
      expect(checked.issues).toBeUndefined();
    }
  });
});

describe('steps', () => {
  it('end with the first that is refused, and give its sentence', async () => {
    const asked: string[] = [];
    const say = (name: string, answer: string | null) => () => {
      asked.push(name);
      return Promise.resolve(answer);
    };
    const actions: NetworkActions = {
      links: say('links', 'No.'),
      partition: say('partition', null),
      heal: say('heal', null),
      condition: say('condition', null),
      act: say('act', null),
      undo: say('undo', null),
    };
    const problem = await carryOut(
      [
        { do: 'partition', groups: [[a!], [b!]], style: 'cut' },
        { do: 'links', rules: [] },
        { do: 'act', act: { do: 'crash', id: a! } },
      ],
      actions,
    );
    expect({ problem, asked }).toEqual({ problem: 'No.', asked: ['partition', 'links'] });
  });

  it('healing a cut link leaves the rest of its rule', () => {
    const ways = waysOf([a!], [a!, b!]);
    const healed = cutLinks(ways, () => ({ cut: true, loss: 0.2 }), false);
    expect(healed.rules).toEqual([
      { from: a, to: b, loss: 0.2 },
      { from: b, to: a, loss: 0.2 },
    ]);
  });
});

describe('swizzle', () => {
  const chance = (seed: number) => () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;

  it('MESH-9 has every link down once, at most three at a time, and none at the end', () => {
    const down = new Set<string>();
    const ever: string[] = [];
    for (const { cut, heal } of planSwizzle(ids, chance(5))) {
      if (heal !== null) expect(down.delete(heal.join())).toBe(true);
      if (cut !== null) {
        down.add(cut.join());
        ever.push(cut.join());
      }
      expect(down.size).toBeLessThanOrEqual(3);
    }
    expect(down.size).toBe(0);
    expect(new Set(ever).size).toBe(21);
    expect(ever).toHaveLength(21);
  });

  it('is bounded in a large class', () => {
    const large = Array.from({ length: 60 }, (_, i) => testNodeId(i));
    const cuts = planSwizzle(large, chance(9)).filter(({ cut }) => cut !== null);
    expect(cuts).toHaveLength(MAX_SWIZZLED);
  });

  it('is one change a step: one link comes up as the next goes down', () => {
    const change = swizzleChange({ cut: [a!, b!], heal: [c!, d!] }, ({ from }) =>
      from === c ? { cut: true, loss: 0.5 } : {},
    );
    expect(change).toEqual({
      do: 'links',
      rules: [
        { from: c, to: d, loss: 0.5 },
        { from: d, to: c },
        { from: a, to: b, cut: true },
        { from: b, to: a, cut: true },
      ],
    });
  });
});

import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../../../client/views/mesh/groups.ts';
import type { Point } from '../../../../client/views/mesh/geometry.ts';
import { splitByStroke, splitGroups } from '../../../../client/views/mesh/stroke.ts';
import { wallPath } from '../../../../client/views/mesh/wall.ts';
import { partition } from '../../../../src/network/partition.ts';
import { testNodeId } from '../../../support/node-ids.ts';

const ids = Array.from({ length: 8 }, (_, i) => testNodeId(i));
const [a, b, c, d, e, f, g, h] = ids;
const sorted = (groups: readonly (readonly string[])[]): string[][] =>
  groups.map((group) => [...group].sort()).sort((x, y) => (x.join() < y.join() ? -1 : 1));

describe('the partition that rules amount to', () => {
  it('MESH-3 is one group where nothing is parted, and where only single links are', () => {
    expect(groupsOf(ids, [])).toEqual([ids]);
    const single = partition([[a!], [b!]], 'cut');
    expect(groupsOf(ids, single)).toHaveLength(1);
    expect(groupsOf(ids, [{ from: a!, to: b!, blackhole: true }])).toHaveLength(1);
  });

  for (const style of ['cut', 'blackhole'] as const)
    it(`MESH-3 finds the groups again that a partition by ${style} was made from`, () => {
      for (const groups of [
        [ids.slice(0, 5), ids.slice(5)],
        [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)],
        [ids.slice(0, 1), ids.slice(1)],
      ])
        expect(sorted(groupsOf(ids, partition(groups, style)))).toEqual(sorted(groups));
    });

  it('MESH-3 a node that sees both sides is in both groups', () => {
    const groups = [ids.slice(0, 5), ids.slice(4)];
    expect(sorted(groupsOf(ids, partition(groups, 'cut')))).toEqual(sorted(groups));
  });

  it('MESH-3 a cut within one side, and a lossy link, change nothing about the two sides', () => {
    const rules = [
      ...partition([ids.slice(0, 5), ids.slice(5)], 'cut'),
      ...partition([[a!], [b!]], 'cut'),
      { from: c!, to: d!, loss: 0.2 },
    ];
    expect(sorted(groupsOf(ids, rules))).toEqual(sorted([ids.slice(0, 5), ids.slice(5)]));
  });
});

const BOX = { left: 0, top: 0, right: 800, bottom: 400 };
const at = (x: number, y: number): Point => ({ x, y });

describe('the wall', () => {
  const side = (...nodes: Point[]) => ({ nodes, land: null });
  const left = side(at(100, 100), at(200, 300));
  const right = side(at(600, 100), at(650, 200), at(600, 330));
  const points = (path: string): Point[] =>
    [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)(?=[QLM]|$)/g)].map(([, x, y]) => at(+x!, +y!));

  it('MESH-3 runs from edge to edge between the groups and touches no node', () => {
    const line = points(wallPath([left, right], BOX));
    expect(Math.min(...line.map(({ y }) => y))).toBe(0);
    expect(Math.max(...line.map(({ y }) => y))).toBe(400);
    for (const { x } of line) {
      expect(x).toBeGreaterThan(230);
      expect(x).toBeLessThan(570);
    }
  });

  it('MESH-3 keeps near the border of the parts of the picture that the groups have', () => {
    const land = (from: number, to: number) => ({ ...BOX, left: from, right: to });
    const line = points(
      wallPath(
        [
          { ...left, land: land(0, 300) },
          { ...right, land: land(300, 800) },
        ],
        BOX,
      ),
    );
    for (const { x } of line) expect(Math.abs(x - 300)).toBeLessThan(60);
  });

  it('MESH-3 three groups have walls between all of them, drawn once', () => {
    const path = wallPath([side(at(100, 200)), side(at(400, 200)), side(at(700, 200))], BOX);
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it('MESH-3 a wall between two ends where the land of a third begins', () => {
    const nodes = [at(100, 100), at(700, 100), at(400, 380)];
    const path = wallPath(
      nodes.map((node) => side(node)),
      BOX,
    );
    for (const { x, y } of points(path)) {
      const [near, next] = nodes
        .map((node) => Math.hypot(x - node.x, y - node.y))
        .sort((p, q) => p - q);
      expect(next! - near!).toBeLessThan(30);
    }
  });

  it('MESH-3 leaves a gap for a bridge, and there is none where there is one group', () => {
    const gap = { at: at(400, 200), radius: 60 };
    const path = wallPath([side(at(100, 200)), side(at(700, 200))], BOX, [gap]);
    expect(path.match(/M/g)).toHaveLength(2);
    expect(wallPath([left], BOX)).toBe('');
  });
});

describe('a stroke', () => {
  const nodes = new Map(
    [at(100, 100), at(200, 300), at(300, 80), at(500, 100), at(600, 300), at(700, 120)].map(
      (point, i): [string, Point] => [ids[i]!, point],
    ),
  );
  const sides = (split: ReturnType<typeof splitByStroke>) =>
    sorted([split!.one, split!.other].filter((side) => side.length > 0));

  it('MESH-4 parts the nodes on its two sides, whichever way it is drawn and however short', () => {
    const want = sorted([ids.slice(0, 3), ids.slice(3, 6)]);
    const whole = [at(400, 0), at(400, 200), at(400, 400)];
    expect(sides(splitByStroke(whole, nodes, BOX))).toEqual(want);
    expect(sides(splitByStroke(whole.toReversed(), nodes, BOX))).toEqual(want);
    expect(sides(splitByStroke([at(410, 180), at(400, 230)], nodes, BOX))).toEqual(want);
  });

  it('MESH-4 follows its bends', () => {
    const bent = [at(250, 0), at(250, 150), at(560, 200), at(650, 260), at(650, 400)];
    expect(sides(splitByStroke(bent, nodes, BOX))).toEqual(
      sorted([
        [a!, b!, e!],
        [c!, d!, f!],
      ]),
    );
  });

  it('MESH-4 that goes around some parts inside from outside, closed or half closed', () => {
    const around = [at(450, 40), at(760, 40), at(760, 200), at(450, 200), at(450, 60)];
    const split = splitByStroke(around, nodes, BOX)!;
    expect(split.lasso).toBe(true);
    expect([...split.one].sort()).toEqual([d!, f!].sort());
    const half = splitByStroke(around.slice(0, 4), nodes, BOX)!;
    expect(sides(half)).toEqual(sides(split));
  });

  it('MESH-4 of a few pixels means nothing', () => {
    expect(splitByStroke([at(400, 0), at(410, 5)], nodes, BOX)).toBeNull();
  });

  it('MESH-4 through a class that is split already splits its groups further', () => {
    const groups = [
      [a!, b!, c!],
      [d!, e!, f!, g!, h!],
    ];
    expect(splitGroups(groups, { one: [a!, d!, e!], other: [b!, c!, f!, g!, h!] })).toEqual([
      [a!],
      [b!, c!],
      [d!, e!],
      [f!, g!, h!],
    ]);
  });
});

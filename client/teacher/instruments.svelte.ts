import type { NodeId } from '../../src/vocabulary.ts';
import type { Scene } from '../session/scene.ts';
import type { PartitionStyle } from '../session/snapshots.ts';
import { drawnMesh, type DrawnMesh } from '../views/mesh/drawn-mesh.ts';
import type { Box, Point } from '../views/mesh/geometry.ts';
import { splitByStroke, splitGroups } from '../views/mesh/stroke.ts';
import type { NetworkActions } from './network-actions.ts';
import {
  bothWays,
  carryOut,
  cutLinks,
  layUpon,
  waysOf,
  type RuleOf,
  type Step,
  type Way,
} from './network-steps.ts';
import { SLOW, type Preset, type Target } from './presets.ts';
import { Selection } from './selection.svelte.ts';
import { Swizzler } from './swizzler.svelte.ts';

export type Tool = 'select' | 'wall' | 'lasso' | 'cut' | 'slow' | 'pause';
type Sides = ReadonlyMap<NodeId, 'one' | 'other'>;

/** The pause of the tool: others suspect the node, and nobody takes it for dead yet. */
const PAUSE_MS = 4_000;

/** The teacher's hands on the network: what is selected, which tool is held, and what it does. */
export class Instruments {
  tool = $state<Tool>('select');
  style = $state<PartitionStyle>('cut');
  /** While a split is prepared. */
  sides = $state.raw<Sides | null>(null);
  stroke = $state.raw<readonly Point[]>([]);
  /** Why the last thing was refused, as a sentence. */
  problem = $state<string | null>(null);
  readonly selection = new Selection();
  readonly swizzler: Swizzler;
  readonly #scene: () => Scene;
  readonly #actions: () => NetworkActions;

  readonly mesh: DrawnMesh = $derived.by(() => drawnMesh(this.#scene()));
  readonly ids = $derived.by(() => this.#scene().nodes.map(({ id }) => id));
  readonly ruleOf: RuleOf = $derived.by(() => {
    const rules = new Map(
      this.#scene().links.flatMap(({ a, b, aToB, bToA }) => [
        [`${a} ${b}`, aToB.rule],
        [`${b} ${a}`, bToA.rule],
      ]),
    );
    return ({ from, to }: Way) => rules.get(`${from} ${to}`) ?? {};
  });
  /** '5 | 3' */
  readonly counts = $derived.by(() => {
    const sides = [...(this.sides?.values() ?? [])];
    const one = sides.filter((side) => side === 'one').length;
    return this.sides === null ? null : { one, other: sides.length - one };
  });

  constructor(scene: () => Scene, actions: () => NetworkActions) {
    this.#scene = scene;
    this.#actions = actions;
    this.swizzler = new Swizzler(
      () => this.ruleOf,
      (step) => this.do([step]),
    );
  }

  get target(): Target {
    const { nodes, way } = this.selection;
    return { ids: this.ids, nodes, way, ruleOf: this.ruleOf };
  }

  /** Null if all was done; else the sentence that says why not, which the caller shows. */
  send(steps: readonly Step[]): Promise<string | null> {
    return carryOut(steps, this.#actions());
  }

  /** What is refused is said beside the tools. */
  async do(steps: readonly Step[]): Promise<string | null> {
    this.problem = await this.send(steps);
    return this.problem;
  }

  async heal(): Promise<void> {
    await this.swizzler.stop();
    this.problem = await this.#actions().heal();
  }

  async undo(): Promise<void> {
    this.problem = await this.#actions().undo();
  }

  apply(preset: Preset): void {
    void this.do(preset.steps(this.target));
  }

  hold(tool: Tool): void {
    this.tool = tool;
    this.#forget();
    this.problem = null;
  }

  /** A click on a node, with whatever tool is held. */
  node(id: NodeId, more: boolean): void {
    const ways = waysOf([id], this.ids);
    switch (this.tool) {
      case 'cut':
        return void this.do([cutLinks(ways, this.ruleOf, !this.#allCut(ways))]);
      case 'slow':
        return void this.do([layUpon(ways, this.ruleOf, SLOW)]);
      case 'pause':
        return void this.do([{ do: 'act', act: { do: 'pause', id, ms: PAUSE_MS } }]);
      default:
        this.selection.node(id, more);
    }
  }

  /** A click on a link. */
  link(a: NodeId, b: NodeId): void {
    const ways = bothWays(a, b);
    if (this.tool === 'cut') void this.do([cutLinks(ways, this.ruleOf, !this.#allCut(ways))]);
    else if (this.tool === 'slow') void this.do([layUpon(ways, this.ruleOf, SLOW)]);
    else this.selection.link({ from: a, to: b });
  }

  draw(
    stroke: readonly Point[],
    places: ReadonlyMap<string, Point>,
    box: Box,
    done: boolean,
  ): void {
    const split = splitByStroke(stroke, places, box, this.tool === 'lasso');
    const one = new Set(split?.one);
    this.stroke = stroke;
    this.sides =
      split === null ? null : new Map(this.ids.map((id) => [id, one.has(id) ? 'one' : 'other']));
    if (!done) return;
    this.stroke = [];
    if (split === null) this.sides = null;
    else void this.split();
  }

  /** The keyboard's way: each node is put on a side, then the class is split. */
  toggle(id: NodeId): void {
    const sides = this.sides ?? new Map(this.ids.map((each) => [each, 'other' as const]));
    this.sides = new Map([...sides, [id, sides.get(id) === 'one' ? 'other' : 'one']]);
  }

  /** Splits every group that has nodes on both sides. */
  async split(): Promise<void> {
    const { sides } = this;
    if (sides === null) return;
    const on = (side: 'one' | 'other'): NodeId[] =>
      [...sides].filter(([, its]) => its === side).map(([id]) => id);
    const [one, other] = [on('one'), on('other')];
    this.sides = null;
    if (one.length === 0 || other.length === 0) {
      this.problem = 'All nodes are on one side. Draw the line between nodes.';
      return;
    }
    const groups = splitGroups(this.mesh.groups, { one, other }) as NodeId[][];
    const problem = await this.do([{ do: 'partition', groups, style: this.style }]);
    // What was refused can be tried again without being drawn again.
    if (problem !== null && this.sides === null) this.sides = sides;
  }

  /** A key on a node that has the focus. */
  nodeKey(key: string, id: NodeId): boolean {
    if (this.tool !== 'wall' && this.tool !== 'lasso') return false;
    if (key === ' ') this.toggle(id);
    else if (key === 'Enter') void this.split();
    else return false;
    return true;
  }

  /** Escape: first the tool is put away, then the selection. */
  letGo(): void {
    if (this.tool !== 'select') this.hold('select');
    else this.selection.clear();
    this.problem = null;
  }

  #forget(): void {
    this.sides = null;
    this.stroke = [];
  }

  #allCut(ways: readonly Way[]): boolean {
    return ways.every((way) => this.ruleOf(way).cut === true);
  }
}

import type { Scene, SceneLink, SceneNode } from '../../session/scene.ts';
import { endsOf, LINK_WORDS } from '../marks/link-look.ts';
import { hintsOf, type Hint } from '../marks/hints.ts';
import { LOOK_WORDS, lookOfObserved, type NodeLook } from '../marks/node-look.ts';
import { standingWords, type RoleLook } from '../marks/role-look.ts';
import { WAY_WORDS } from '../marks/way-look.ts';
import { conditionWords, ruleWords } from '../rule-words.ts';
import { groupsOf } from './groups.ts';
import { linkKey } from './drawn.ts';
import { lookOfWhole, type LinkShape, type WholeLook } from './link-paths.ts';

/** What a picture of the whole mesh draws: a scene in the terms of marks and words. */
export interface DrawnMesh {
  readonly nodes: readonly MeshNode[];
  /** Where nodes keep a few neighbours, without those pairs that are none. */
  readonly links: readonly MeshLink[];
  /** Who can still talk to whom, the largest first; one group if nothing is parted. */
  readonly groups: readonly (readonly string[])[];
}

export interface MeshNode {
  readonly id: string;
  readonly name: string;
  /** A token: that of its group where there are several, else null. */
  readonly color: string | null;
  readonly look: NodeLook;
  /** By its own belief; null where it elects nobody. */
  readonly role: RoleLook | null;
  readonly hints: readonly Hint[];
  /** Below the name: what is the matter, if anything is. */
  readonly more: string | null;
  /** The state in words, with what lies upon it. */
  readonly words: string;
}

export interface MeshLink extends LinkShape {
  readonly key: string;
  readonly a: string;
  readonly b: string;
  readonly look: WholeLook;
  readonly words: string;
}

const WHOLE_WORDS: { readonly [Look in WholeLook]: string } = {
  ...WAY_WORDS,
  ...LINK_WORDS,
  clear: 'open',
  'one-way': 'one way only',
  uneven: 'its two ways differ',
};

export const wordsOfWhole = (look: WholeLook): string => WHOLE_WORDS[look];

/** Told apart by the wall before they are by colour; a fifth group begins again. */
const GROUP_COLORS = ['var(--hue-blue)', 'var(--hue-amber)', 'var(--hue-green)', 'var(--hue-pink)'];

function colorOf(sides: ReadonlySet<number> | undefined, groups: number): string | null {
  if (groups < 2 || sides === undefined) return null;
  const [side] = sides;
  return sides.size > 1 || side === undefined
    ? 'var(--ink)'
    : GROUP_COLORS[side % GROUP_COLORS.length]!;
}

export function drawnMesh(scene: Pick<Scene, 'nodes' | 'links' | 'partial'>): DrawnMesh {
  const names = new Map<string, string>(scene.nodes.map(({ id, name }) => [id, name]));
  const rules = scene.links.flatMap(({ a, b, aToB, bToA }) => [
    { ...aToB.rule, from: a, to: b },
    { ...bToA.rule, from: b, to: a },
  ]);
  const ids = scene.nodes.map(({ id }) => id);
  const groups = groupsOf(ids, rules).toSorted((a, b) => b.length - a.length);
  const sides = new Map<string, Set<number>>(ids.map((id) => [id, new Set()]));
  for (const [i, group] of groups.entries()) for (const id of group) sides.get(id)?.add(i);
  const parted = (a: string, b: string): boolean =>
    groups.length > 1 && [...sides.get(a)!].every((side) => !sides.get(b)!.has(side));
  return {
    nodes: scene.nodes.map((node) =>
      drawnSceneNode(node, colorOf(sides.get(node.id), groups.length), names),
    ),
    links: scene.links
      .filter(({ a, b }) => names.has(a) && names.has(b))
      .map((link) => drawnSceneLink(link, names, parted(link.a, link.b)))
      .filter(({ look }) => !scene.partial || look !== 'closed'),
    groups,
  };
}

function drawnSceneNode(
  node: SceneNode,
  color: string | null,
  names: ReadonlyMap<string, string>,
): MeshNode {
  const look = lookOfObserved(node);
  const laid = conditionWords(node.condition);
  const { standing } = node;
  const elected = standing === null ? '' : standingWords(standing, (id) => names.get(id) ?? id);
  const state = look === 'joined' ? '' : LOOK_WORDS[look];
  return {
    id: node.id,
    name: node.name,
    color,
    look,
    role: standing,
    hints: hintsOf(node.condition),
    more: [state, laid].filter((words) => words !== '').join(', ') || null,
    words: [LOOK_WORDS[look], elected, laid].filter((words) => words !== '').join(', '),
  };
}

function drawnSceneLink(
  link: SceneLink,
  names: ReadonlyMap<string, string>,
  walled: boolean,
): MeshLink {
  const { a, b, aToB, bToA } = link;
  const shape = { ends: endsOf(link), aToB: aToB.rule, bToA: bToA.rule, walled };
  const look = lookOfWhole(shape);
  const [from, to] = [names.get(a)!, names.get(b)!];
  const ways = [
    Object.keys(aToB.rule).length > 0 ? `${from} to ${to}: ${ruleWords(aToB.rule)}` : '',
    Object.keys(bToA.rule).length > 0 ? `${to} to ${from}: ${ruleWords(bToA.rule)}` : '',
  ].filter((words) => words !== '');
  return {
    ...shape,
    key: linkKey(a, b),
    a,
    b,
    look,
    words: [`${from} and ${to}: ${WHOLE_WORDS[look]}`, ...ways].join('. '),
  };
}

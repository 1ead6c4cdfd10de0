import {
  MAX_COPIES,
  REGISTER_RULES,
  REPAIRS,
  usualSetting,
  type RegisterSetting,
} from '../../../src/network/register-setting.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import type { Scene, SceneNode } from '../../session/scene.ts';
import type { Field } from '../rule-fields.ts';

/** What a teacher chooses for the registers of a class, and what that promises. */

export type Repair = RegisterSetting['repair'];
export type Rule = RegisterSetting['rule'];

/** What a teacher may change of a setting; the rest follows. */
export type Wanted = Partial<Pick<RegisterSetting, 'n' | 'r' | 'w' | 'sloppy' | 'repair' | 'rule'>>;

export const REPAIR_OPTIONS: readonly { value: Repair; name: string }[] = REPAIRS.map((value) => ({
  value,
  name: { none: 'never', later: 'after the answer', before: 'before the answer' }[value],
}));

export const RULE_OPTIONS: readonly { value: Rule; name: string }[] = REGISTER_RULES.map(
  (value) => ({
    value,
    name: { lww: 'last write', 'lww-hybrid': 'hybrid clock', siblings: 'siblings' }[value],
  }),
);

export type CopyField = Field<'n' | 'r' | 'w'>;

const figure = { scale: 1, unsaid: '', unit: '', min: 1 } as const;

export function copyFields(setting: Pick<RegisterSetting, 'n' | 'nodes'>): readonly CopyField[] {
  const most = Math.min(MAX_COPIES, setting.nodes.length);
  const upTo = (max: number) => Array.from({ length: max }, (_, i) => i + 1);
  return [
    { ...figure, name: 'n', label: 'N · copies', stops: upTo(most), max: most },
    { ...figure, name: 'r', label: 'R · hear a read', stops: upTo(setting.n), max: setting.n },
    { ...figure, name: 'w', label: 'W · take a write', stops: upTo(setting.n), max: setting.n },
  ];
}

/** What holds, or would hold where nobody has chosen; null without a node. */
export function settingOf(
  chosen: RegisterSetting | null,
  nodes: Scene['nodes'],
): RegisterSetting | null {
  if (chosen !== null) return chosen;
  const [first] = livingOf(nodes);
  return first === undefined
    ? null
    : usualSetting(1, switcherOf(first), livingOf(nodes).map(({ id }) => id)); // prettier-ignore
}

/** The next setting, over all who are here now; null if nobody is. Fewer copies answer to fewer. */
export function nextSetting(
  chosen: RegisterSetting | null,
  nodes: Scene['nodes'],
  wanted: Wanted,
): RegisterSetting | null {
  const living = livingOf(nodes);
  const [first] = living;
  if (first === undefined) return null;
  const usual = usualSetting((chosen?.turn ?? 0) + 1, switcherOf(first), living.map(({ id }) => id)); // prettier-ignore
  const made = { ...usual, ...(chosen && kept(chosen)), ...wanted };
  const n = Math.min(made.n, usual.nodes.length);
  return { ...made, n, r: Math.min(made.r, n), w: Math.min(made.w, n) };
}

function kept({ n, r, w, sloppy, repair, rule }: RegisterSetting): Wanted {
  return { n, r, w, sloppy, repair, rule };
}

function livingOf(nodes: Scene['nodes']): readonly SceneNode[] {
  return nodes.filter(({ present, state }) => present && state === 'joined');
}

function switcherOf({ id, incarnation: life }: SceneNode): { id: NodeId; life: number } {
  return { id, life };
}

/** What R, W and N promise, in a sentence or two. */
export function promiseOf({ n, r, w, sloppy, repair }: RegisterSetting): string {
  if (sloppy)
    return 'Sloppy: others stand in for copies that cannot be reached, so it answers oftener, and a read may miss what a stand-in has.';
  if (r + w <= n)
    return `R + W is ${r + w}, no more than N: a read may ask other copies than the last write did, and find something older.`;
  const meets = `R + W is more than N: every read asks at least one copy that took the last write.`;
  return repair === 'before'
    ? `${meets} It brings the others up to date before it answers, so all of it is like one machine.`
    : `${meets} That alone is not yet like one machine: a write under way may be seen, and then not be seen.`;
}

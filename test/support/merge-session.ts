import fc from 'fast-check';
import type { MergeEngine } from '../../src/merge/engine.ts';
import type { Deed } from '../../src/merge/intent.ts';
import { anyDeed } from './any-deed.ts';
import { MergeClass, type Edit, type MakeEngine } from './merge-class.ts';

export const REPLICAS = 3;

/** What happens in a class, step by step: edits, and who gets which of them when. */
type Step =
  | { readonly do: 'edit'; readonly who: number; readonly deed: Deed }
  /** One gets one of the edits that there are, whatever it has had of those before. */
  | { readonly do: 'tell'; readonly who: number; readonly which: number }
  | { readonly do: 'repair'; readonly who: number; readonly from: number }
  | { readonly do: 'pass'; readonly ms: number };

export interface Session {
  readonly steps: readonly Step[];
  /** Some clocks are right, some a little wrong, and some beyond what a hybrid clock follows. */
  readonly skewMs: readonly number[];
}

const who = fc.nat(REPLICAS - 1);
const edit = fc.record({ do: fc.constant('edit' as const), who, deed: anyDeed() });

export const anySession: fc.Arbitrary<Session> = fc.record({
  steps: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: edit },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('tell' as const), who, which: fc.nat() }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('repair' as const), who, from: who }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(500) }) },
    ),
    { minLength: 10, maxLength: 80, size: 'max' },
  ),
  skewMs: fc.array(fc.constantFrom(0, -300, 200, 90_000), {
    minLength: REPLICAS,
    maxLength: REPLICAS,
  }),
});

export interface Played {
  readonly mesh: MergeClass;
  readonly edits: readonly Edit[];
}

/** @param after is told after every step */
export function play(
  make: MakeEngine,
  { steps, skewMs }: Session,
  after: (mesh: MergeClass, step: Step) => void = () => {},
): Played {
  const mesh = new MergeClass({ make, replicas: REPLICAS, skewMs });
  const edits: Edit[] = [];
  for (const step of steps) {
    if (step.do === 'edit') edits.push(mesh.at(step.who).edit(step.deed));
    if (step.do === 'pass') mesh.pass(step.ms);
    if (step.do === 'repair' && step.who !== step.from) {
      mesh.at(step.who).repairFrom(mesh.at(step.from));
    }
    if (step.do === 'tell' && edits.length > 0) {
      mesh.at(step.who).take(edits[step.which % edits.length]!);
    }
    after(mesh, step);
  }
  return { mesh, edits };
}

/** All that an engine shows, in an order that does not depend on it. */
export function shown(engine: MergeEngine) {
  const byField = (a: { kind: string; key: string }, b: { kind: string; key: string }) =>
    `${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1;
  return {
    value: engine.value(),
    conflicts: engine
      .conflicts()
      .map((conflict) => ({ ...conflict, between: [...conflict.between].sort() }))
      .sort(byField),
    provenance: engine
      .provenance()
      .map(({ kind, key, atoms }) => ({
        ...{ kind, key },
        atoms: atoms.map(({ intent, index }) => `${intent} ${index}`).sort(),
      }))
      .sort(byField),
  };
}

/** And what it says of what it holds. */
export function state(engine: MergeEngine) {
  return { ...shown(engine), digest: [...engine.digest()], pending: engine.size().pending };
}

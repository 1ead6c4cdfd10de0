import type { AlgorithmName } from '../network/election-choice.ts';
import type { Node } from '../runtime/node.ts';
import type { Json } from '../vocabulary.ts';
import { algorithmsWith } from './algorithms.ts';
import { electionsOf, type Elections, type ElectionState } from './elections.ts';
import { kvOver, type Kv } from './kv/kv.ts';
import { refusal, WHY, type KvOutcome } from './kv/outcome.ts';
import { Raft } from './raft/raft.ts';

/** What may be asked of the store. */
export interface StoreCalls {
  readonly put: [key: string, value: Json];
  readonly get: [key: string];
  readonly cas: [key: string, from: Json, to: Json];
  readonly delete: [key: string];
}

/** A node that elects, and the store on the log of whoever it elects by Raft. */
export interface Electorate {
  readonly elections: Elections;
  readonly kv: Kv;
  /** Its part in the present group; null where it does not elect by Raft. */
  readonly raft: () => Raft | null;
  /**
   * A switch by somebody outside of the node: from now on the mesh elects by this. A node that knows of
   * no choice asks its neighbours first, as it does for a call of the store.
   */
  readonly elect: (algorithm: AlgorithmName) => Promise<ElectionState>;
  /** A call of the store by somebody outside of the node. A mesh that elects nobody begins to, by Raft. */
  readonly ask: <Name extends keyof StoreCalls>(
    name: Name,
    args: StoreCalls[Name],
  ) => Promise<KvOutcome>;
}

/** Adds both to a node, which may run already. They read from the disk what was there. */
export function addElectorate(node: Node, algorithms = algorithmsWith): Electorate {
  const raft = (): Raft | null => (elections.election instanceof Raft ? elections.election : null);
  const kv: Kv = node.add(kvOver(raft));
  const elections: Elections = node.add(electionsOf(algorithms(kv.machine)));
  kv.paceBy(() => elections.slowness);
  const elect: Electorate['elect'] = (algorithm) =>
    new Promise((resolve, reject) => {
      const known = () => {
        try {
          elections.switchTo(algorithm);
          resolve(elections.state());
        } catch (refused) {
          reject(refused as Error);
        }
      };
      node.step(() => elections.whenKnown(known) || reject(new RangeError(WHY.busy)));
    });
  const ask: Electorate['ask'] = (name, args) =>
    new Promise((resolve) => {
      const known = () => {
        if (elections.choice === null) elections.switchTo('raft');
        const call = kv[name].bind(kv) as (...given: unknown[]) => void;
        call(...args, resolve);
      };
      node.step(() => elections.whenKnown(known) || resolve(refusal('busy')));
    });
  return { elections, kv, raft, elect, ask };
}

import { lockOver, type AcquireOptions, type Lock } from '../coordination/lock/lock.ts';
import type { LogStore } from '../coordination/lock/log-store.ts';
import type { AcquireOutcome, WriteOutcome } from '../coordination/lock/words.ts';
import type { Outcome } from '../coordination/outcome.ts';
import { addElectorate, type Electorate } from '../election/electorate.ts';
import type { Adjacency } from '../membership/adjacency.ts';
import type { Membership } from '../membership/membership.ts';
import { truth, type Truth } from '../membership/truth.ts';
import type { Node } from '../runtime/node.ts';
import type { Json } from '../vocabulary.ts';

/** What may be asked of the locks. */
export interface LockCalls {
  readonly acquire: [name: string, options?: AcquireOptions];
  readonly write: [name: string, token: number, value: Json];
  readonly release: [name: string, token: number];
}

/** How each ends. */
export interface LockOutcomes {
  readonly acquire: AcquireOutcome;
  readonly write: WriteOutcome;
  readonly release: Outcome;
}

/** Elections, their store, the locks upon it, and what becomes of all that at a node that counts as dead. */
export interface Voting extends Electorate {
  readonly lock: Lock;
  readonly truth: Truth;
  /** A call of a lock by somebody outside of the node. */
  readonly askLock: (name: string, args: readonly unknown[]) => Promise<unknown>;
}

/** What of a node's program they need. */
interface Site {
  readonly membership: Membership;
  readonly adjacency: Adjacency;
}

/** Where they meet. Adds them to a node, which may run already. */
export function addVoting(
  node: Node,
  { membership, adjacency }: Site,
  electorate = addElectorate(node),
): Voting {
  const lock = node.add(lockOver(logOf(node, electorate)));
  const verdict = node.add(truth);
  for (const part of [electorate.kv, lock]) part.reachBy(() => adjacency.reached());
  const isDeclaredDead = () => verdict.declaredDead;
  membership.listen((from, claims) => verdict.heardOf(from, claims));
  electorate.kv.judgeBy(isDeclaredDead);
  lock.judgeBy(isDeclaredDead);
  verdict.onChange((isDead) => {
    if (!isDead) return;
    lock.declaredDead();
    electorate.elections.stepDown();
  });
  // What somebody types may be anything: the lock looks at all of it.
  const calls: Record<string, (args: readonly never[], resolve: (end: unknown) => void) => void> = {
    acquire: ([name, options], end) => lock.acquire(name!, options ?? {}, end),
    write: ([name, token, value], end) => lock.write(name!, token!, value!, end),
    release: ([name, token], end) => lock.release(name!, token!, end),
    state: ([name], end) => end(lock.state(name!)),
  };
  const askLock: Voting['askLock'] = (name, args) =>
    new Promise((resolve) => node.step(() => calls[name]!(args as readonly never[], resolve)));
  return { ...electorate, lock, truth: verdict, askLock };
}

/** Whoever asks for a lock first founds the group that grants it. */
function logOf(node: Node, { ask }: Electorate): LogStore {
  const told =
    <End>(onEnd: (end: End) => void) =>
    (end: End) =>
      node.told(() => onEnd(end));
  return {
    get: (key, onEnd) => void ask('get', [key]).then(told(onEnd)),
    cas: (key, from, to, onEnd) => void ask('cas', [key, from, to]).then(told(onEnd)),
  };
}

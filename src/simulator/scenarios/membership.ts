import { ALL_FAULTS } from '../fault.ts';
import { membership, type Membership } from '../../membership/membership.ts';
import { MAX_NEWS } from '../../membership/news.ts';
import { MAX_MEMBERS } from '../../membership/roster.ts';
import { DETECTORS } from '../../network/room-choices.ts';
import type { NodeId } from '../../vocabulary.ts';
import type { Run, Scenario, Violation } from '../scenario.ts';
import { reachable, survivors } from '../survivors.ts';

interface Watching {
  readonly membership: Membership;
  /** The highest standing at which this life has seen each node, itself included. */
  readonly seen: Map<NodeId, Standing>;
}

interface Standing {
  readonly life: number;
  readonly refutation: number;
}

/** Of what a server says of nodes that are gone, so much is wrong: a socket closed, and the node lives. */
const FALSE_WITNESS = 0.2;

/** A word of the server that comes later than the long way to a verdict shows nothing. */
const MAX_WITNESS_DELAY_MS = 3_000;

/**
 * The longest way to the truth: nobody is left who saw a node die, so its word has to go stale (30 s),
 * and then a suspicion that nobody confirms (8 s) goes round. Most seeds need far less: so all is
 * looked at again and again, which also forgives a detector that is wrong just at this moment.
 */
const AGREED_WITHIN_MS = 50_000;
const LOOK_EVERY_MS = 250;

/**
 * A detector that the seed draws, and now and then a server that saw a node go. While the faults last a
 * verdict may be wrong: no detector can tell slow from dead. What only the accused can raise never
 * falls, though; and once the faults are over all hold the same, and what is so.
 */
export const membershipScenario: Scenario<Watching> = {
  name: 'membership',
  faults: ALL_FAULTS,
  safetyMs: 30_000,
  livenessMs: 5_000,

  protocols(node, _life, _index, setting) {
    const protocol = node.add(membership);
    protocol.use(DETECTORS[setting.below(DETECTORS.length)]!);
    return { membership: protocol, seen: new Map() };
  },

  /** The server tells a node that another one is gone. */
  operate({ cluster, dead, random }, index) {
    const isWrong = random.next() < FALSE_WITNESS;
    const [anyone, ofDead] = [random.below(cluster.members.length), random.next()];
    const delay = random.below(MAX_WITNESS_DELAY_MS);
    const gone = isWrong ? anyone : [...dead][Math.floor(ofDead * dead.size)];
    if (gone === undefined || gone === index) return;
    cluster.time.after(delay, () => {
      const { node, protocols } = cluster.members[index]!;
      node.step(() => protocols.membership.witnessedGone(cluster.members[gone]!.id));
    });
  },

  healed() {},

  safety({ cluster }) {
    return cluster.members.flatMap(({ id, protocols: { membership, seen } }, index) => {
      const { self, news, probes } = membership.inspect() as unknown as Inspection;
      const members = membership.members();
      const wrong: Violation[] = [];
      for (const view of [{ ...self, id }, ...members]) {
        const before = seen.get(view.id);
        seen.set(view.id, view);
        if (before === undefined || !fell(before, view)) continue;
        const text = `node ${index} saw ${view.id} fall from ${told(before)} to ${told(view)}`;
        wrong.push({ rule: 'lives and refutations only rise', text });
      }
      if (self.state !== 'alive' || members.some((view) => view.id === id)) {
        const rule = 'nobody holds itself for suspect, dead or gone';
        wrong.push({ rule, text: `node ${index} does` });
      }
      if (news > MAX_NEWS || members.length > MAX_MEMBERS || probes > members.length * 20) {
        const text = `node ${index} holds ${news} news, ${probes} probes, ${members.length} members`;
        wrong.push({ rule: 'queues stay bounded', text });
      }
      return wrong;
    });
  },

  liveness(run) {
    const { time } = run.cluster;
    const end = time.now() + AGREED_WITHIN_MS;
    let wrong = whatIsWrong(run);
    for (; wrong.length > 0 && time.now() < end; wrong = whatIsWrong(run)) {
      time.runFor(LOOK_EVERY_MS);
    }
    return wrong;
  },
};

interface Inspection {
  readonly self: Standing & { readonly state: string };
  readonly news: number;
  readonly probes: number;
}

function fell(before: Standing, after: Standing): boolean {
  if (after.life !== before.life) return after.life < before.life;
  return after.refutation < before.refutation;
}

function told({ life, refutation }: Standing): string {
  return `${life}.${refutation}`;
}

/** By what every survivor holds of every node that is not cut off from it for good. */
function whatIsWrong(run: Run<Watching>): readonly Violation[] {
  const { members } = run.cluster;
  return survivors(run).flatMap(({ index, machine }) => {
    const { membership } = machine.protocols;
    const mates = reachable(run, index);
    const first = members[Math.min(...mates)]!;
    return members.flatMap(({ id, life }, other): readonly Violation[] => {
      if (other === index) return [];
      const view = membership.view(id);
      const text = `node ${index} holds node ${other} for ${view?.state}: ${view?.reason}`;
      if (mates.has(other) && (view?.state !== 'alive' || view.life !== life))
        return [{ rule: 'after the faults who lives is alive to all', text }];
      if (run.dead.has(other) && view !== undefined && view.state !== 'dead')
        return [{ rule: 'after the faults the killed are dead to all', text }];
      const theirs = first.id === id ? view : first.protocols.membership.view(id);
      if (view?.state !== theirs?.state)
        return [{ rule: 'after the faults all hold the same', text: `${text}; others do not` }];
      return [];
    });
  });
}

import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { SwimDetector } from './detectors/swim.ts';
import { Errands } from './errands.ts';
import type { Health } from './health.ts';
import type { MembershipMessage } from './messages.ts';
import type { Roster } from './roster.ts';
import { shuffled } from '../runtime/shuffled.ts';
import type { Voice } from './voice.ts';

/**
 * SWIM's asking: each period one neighbour is pinged. If it lets the ping be, a few others are asked
 * to ping it; if none of them has an answer either, the detector's patience ends.
 *
 *     ping --> no sign of life for DIRECT_MS --> ask k others --> none for INDIRECT_MS --> suspect
 *       |                                          |
 *       +--------- ack, or any sign of life -------+--------------------------------> well
 */

/** With N nodes each is pinged once in a period on average, so a dead one is met within two. */
export const PERIOD_MS: Milliseconds = 250;

/** A link with 100 ms delay each way, and a page at the other end that is busy for as long. */
export const DIRECT_MS: Milliseconds = 350;

/** Four ways instead of two, and the helper needs time of its own. In all about a second of silence. */
export const INDIRECT_MS: Milliseconds = 700;

/** How many others are asked. SWIM's k: where one message in fifty is lost, all fail once in 2,000 times. */
export const HELPERS = 3;

interface Probe {
  readonly number: number;
  readonly target: NodeId;
  readonly endsAt: Milliseconds;
  /** Who was asked to help, and has not said yet that it had no answer. */
  asked: Set<NodeId>;
  refused: number;
  cancel: Cancel;
}

export class Probes {
  private readonly host: Host<MembershipMessage>;
  private readonly voice: Voice;
  private readonly roster: Roster;
  private readonly swim: SwimDetector;
  private readonly health: Health;
  /** Its patience with this node has ended. */
  private readonly onUnanswered: (id: NodeId) => void;
  private readonly errands: Errands;
  /** By target. */
  private readonly open = new Map<NodeId, Probe>();
  /** Whom to ask in this round, the next one last. */
  private round: NodeId[] = [];
  private numbers = 0;

  constructor(
    host: Host<MembershipMessage>,
    voice: Voice,
    roster: Roster,
    swim: SwimDetector,
    health: Health,
    onUnanswered: (id: NodeId) => void,
  ) {
    this.host = host;
    this.voice = voice;
    this.roster = roster;
    this.swim = swim;
    this.health = health;
    this.onUnanswered = onUnanswered;
    this.errands = new Errands(host, voice, (target) => this.ping(target));
  }

  /** Probes that are out, for this node and for others. */
  get size(): number {
    return this.open.size + this.errands.size;
  }

  /**
   * One neighbour after the other in an order drawn anew each round, so that nobody waits for two. Who is
   * held for dead is not asked: it finds that in every beat, and contradicts when it can.
   */
  probeNext(): void {
    if (this.round.length === 0) {
      const asked = this.host.neighbours().filter((id) => this.roster.get(id)?.gone !== true);
      this.round = shuffled(asked, () => this.host.random());
    }
    const target = this.round.pop();
    if (target !== undefined) this.probe(target, this.health.stretch);
  }

  /**
   * One that is out already goes on, unless this one ends sooner.
   *
   * @param stretch how many times the usual patience it gets
   */
  probe(target: NodeId, stretch: number): void {
    if (!this.host.neighbours().includes(target)) return;
    const now = this.host.monotonic();
    const waitMs = (DIRECT_MS + INDIRECT_MS) * stretch;
    const endsAt = now + waitMs;
    const before = this.open.get(target);
    if (before !== undefined && before.endsAt <= endsAt) return;
    before?.cancel();
    this.swim.asked(target, now, waitMs);
    const number = this.ping(target);
    const probe = {
      number,
      target,
      endsAt,
      asked: new Set<NodeId>(),
      refused: 0,
      cancel: () => {},
    };
    this.open.set(target, probe);
    this.wait(probe, DIRECT_MS * stretch, () => this.askOthers(probe, stretch));
  }

  /** A sign of life of it: whatever was asked of it is answered. */
  heard(from: NodeId): void {
    const probe = this.open.get(from);
    if (probe !== undefined) this.close(probe);
    this.errands.heard(from);
  }

  /** Somebody had an answer in place of this node. */
  acked(number: number): void {
    const probe = this.find(number);
    if (probe === undefined) return;
    this.swim.vouched(probe.target);
    this.close(probe);
  }

  /** Somebody has no answer either. */
  nacked(from: NodeId, number: number): void {
    const probe = this.find(number);
    if (probe?.asked.delete(from) === true) probe.refused += 1;
  }

  /** A neighbour asks this node to ask another one. */
  run(asker: NodeId, number: number, target: NodeId): void {
    this.errands.run(asker, number, target);
  }

  /** A link has closed: what was asked over it is not answered any more. */
  forget(id: NodeId): void {
    const probe = this.open.get(id);
    probe?.cancel();
    this.open.delete(id);
  }

  private ping(target: NodeId): number {
    this.numbers += 1;
    this.voice.say(target, { type: 'ping', number: this.numbers });
    return this.numbers;
  }

  private askOthers(probe: Probe, stretch: number): void {
    const { number, target } = probe;
    // Of one that is silent itself no word is to be had, and it says nothing of this node's own health.
    const others = this.host
      .neighbours()
      .filter((id) => id !== target && this.roster.get(id)?.state === 'alive');
    const helpers = shuffled(others, () => this.host.random()).slice(0, HELPERS);
    probe.asked = new Set(helpers);
    for (const helper of helpers) this.voice.say(helper, { type: 'ask', number, target });
    this.wait(probe, INDIRECT_MS * stretch, () => this.giveUp(probe));
  }

  private giveUp({ target, asked, refused }: Probe): void {
    this.open.delete(target);
    this.health.unanswered(asked.size + refused, refused);
    this.onUnanswered(target);
  }

  private close(probe: Probe): void {
    probe.cancel();
    this.open.delete(probe.target);
    this.health.answered();
  }

  private find(number: number): Probe | undefined {
    for (const probe of this.open.values()) if (probe.number === number) return probe;
    return undefined;
  }

  private wait(probe: Probe, delay: Milliseconds, then: () => void): void {
    probe.cancel = this.host.after(delay, then);
  }
}

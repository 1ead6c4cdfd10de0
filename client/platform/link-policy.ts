import { LinkRules, NO_RULES } from '../../src/network/rules-document.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { ByeReason } from '../../src/wire/link-messages.ts';
import type { Member } from '../../src/wire/signaling-messages.ts';
import { WantedLinks } from './wanted-links.ts';

/**
 * To whom there should be a link. Observers and nodes are always linked. Two nodes are, where no rule
 * cuts the link, both plugs are in, the node lives, and either end wants it.
 */
export class LinkPolicy {
  self: Member;
  rules = new LinkRules(NO_RULES);
  nodeLives = true;
  /** The tab has not left. */
  running = true;
  readonly wanted: WantedLinks;
  readonly #members: ReadonlyMap<NodeId, Member>;

  /** @param said is called when the node has said something of a link, and its step has ended */
  constructor(self: Member, members: ReadonlyMap<NodeId, Member>, said: (id: NodeId) => void) {
    this.self = self;
    this.wanted = new WantedLinks(said);
    this.#members = members;
  }

  /** It is of the data plane, and so is this tab. */
  isNode(id: NodeId): boolean {
    return this.self.role === 'node' && this.#members.get(id)?.role === 'node';
  }

  /** Rules forbid the link to that node. Links to observers are never cut. */
  isCut(id: NodeId): boolean {
    return this.isNode(id) && this.rules.isCut(this.self.id, id);
  }

  /** Nothing of this node's may leave for that one, whatever may come back. */
  cutsWayTo(id: NodeId): boolean {
    return this.isNode(id) && this.rules.cutsWay(this.self.id, id);
  }

  should(member: Member): boolean {
    if (!this.running) return false;
    if (this.self.role === 'observer') return member.role === 'node';
    if (member.role === 'observer') return true;
    return this.may(member) && this.wanted.either(member.id);
  }

  /** Nothing speaks against a link to that other node. */
  may({ id, plugged }: Member): boolean {
    return this.isNode(id) && !this.isCut(id) && this.nodeLives && this.self.plugged && plugged;
  }

  /** What is said to the other end where there should be no link. */
  byeTo(member: Member): ByeReason | null {
    if (!this.self.plugged) return 'unplugged';
    return this.may(member) ? 'unwanted' : null;
  }
}

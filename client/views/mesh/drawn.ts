import type { ObservedLink, StudentSnapshot } from '../../session/snapshots.ts';
import { endsOf, lookOfLink, LINK_WORDS, type Ends } from '../marks/link-look.ts';
import { isPartialView } from '../partial-view.ts';
import { LOOK_WORDS, lookOfPeer, type NodeLook } from '../marks/node-look.ts';

/** What a mesh picture draws, whoever's view it is. */
export interface DrawnNode {
  readonly id: string;
  readonly name: string;
  readonly look: NodeLook;
  /** The state in words. */
  readonly words: string;
}

export interface DrawnLink {
  readonly key: string;
  readonly a: string;
  readonly b: string;
  readonly ends: Ends;
  /** Both ends and the state in words. */
  readonly words: string;
}

/** What one node knows: itself, its peers, and its own links. With a few neighbours, those alone. */
export function drawnByStudent(snapshot: StudentSnapshot): {
  nodes: readonly DrawnNode[];
  links: readonly DrawnLink[];
} {
  const { self, peers, choices } = snapshot;
  const partial = isPartialView(peers.length + 1, choices);
  const linked = peers.filter(({ link }) => !partial || link !== 'closed');
  const me = { id: self.id, name: self.name, look: self.state, words: LOOK_WORDS[self.state] };
  return {
    nodes: [
      me,
      ...peers.map((peer) => {
        const look = lookOfPeer(peer, partial);
        return { id: peer.id, name: peer.name, look, words: LOOK_WORDS[look] };
      }),
    ],
    links: linked.map((peer) => ({
      key: linkKey(self.id, peer.id),
      a: self.id,
      b: peer.id,
      ends: { a: peer.link, b: peer.link },
      words: `To ${peer.name}: ${LINK_WORDS[peer.link]}`,
    })),
  };
}

export function drawnLink(
  link: Pick<ObservedLink, 'a' | 'b' | 'fromA' | 'fromB'>,
  nameOf: (id: string) => string,
): DrawnLink {
  const ends = endsOf(link);
  return {
    key: linkKey(link.a, link.b),
    a: link.a,
    b: link.b,
    ends,
    words: `${nameOf(link.a)} and ${nameOf(link.b)}: ${LINK_WORDS[lookOfLink(ends)]}`,
  };
}

export function linkKey(a: string, b: string): string {
  return `${a} ${b}`;
}

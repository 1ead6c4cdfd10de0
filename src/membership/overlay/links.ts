import type { NodeId } from '../../vocabulary.ts';

/**
 * What the partial view may do to the mesh beneath it. A node's `Host` tells it what came of it, and
 * never before the step that asked has ended.
 */
export interface Links {
  /** Nodes that a link could be made to: all that the room knows, but this one. */
  contacts(): readonly NodeId[];

  /** Makes a link, and makes it again when it breaks, until `unwant`. The other end need not want it. */
  want(id: NodeId): void;

  /** Closes the link unless the other end still wants it: a link is there while either end wants it. */
  unwant(id: NodeId): void;
}

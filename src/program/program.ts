import { gossip, type Gossip } from '../gossip/gossip.ts';
import type { Board, boardOf } from '../merge/board.ts';
import { adjacency, type Adjacency } from '../membership/adjacency.ts';
import { membership, type Membership } from '../membership/membership.ts';
import type { Links } from '../membership/overlay/links.ts';
import { overlayOver, type Overlay } from '../membership/overlay/overlay.ts';
import type { RelayTransport } from '../network/relay-transport.ts';
import type { RoomChoices } from '../network/room-choices.ts';
import type { addThreeRegisters, ThreeRegisters } from './registers.ts';
import type { Requests, requests } from '../requests/requests.ts';
import type { Node } from '../runtime/node.ts';
import { timeSync, type TimeSync } from '../timesync/time-sync.ts';
import type { addVoting, Voting } from './voting.ts';

/** What every node of a class runs: the protocols of one life. */
export interface Program {
  readonly membership: Membership;
  readonly overlay: Overlay;
  readonly adjacency: Adjacency;
  readonly gossip: Gossip;
  /** Null in a class that calls nobody: see `addRequests`. */
  requests: Requests | null;
  /** Null until a tab has fetched it: see `addBoard`. */
  board: Board | null;
  /** Null until a tab has fetched it: see `addElections`. */
  electorate: Voting | null;
  /** Null until a tab has fetched them: see `addRegisters`. */
  registers: ThreeRegisters | null;
  readonly timeSync: TimeSync;
}

/** What is beneath it, and stays from one life to the next. */
export interface Ground {
  readonly links: Links;
  /** All that the node sends goes through it. */
  readonly relay: Pick<RelayTransport, 'setRoutes'>;
}

/**
 * Adds the protocols to a node that has not started, and tells them of each other: this is the one
 * place where they meet. The same in a tab and in the simulator.
 */
export function addProgram(node: Node, { links, relay }: Ground): Program {
  const program: Program = {
    membership: node.add(membership),
    overlay: node.add(overlayOver(links)),
    adjacency: node.add(adjacency),
    gossip: node.add(gossip),
    requests: null,
    board: null,
    electorate: null,
    registers: null,
    timeSync: node.add(timeSync),
  };
  program.membership.onVerdict(({ id, verdict }) => {
    if (verdict === 'dead') program.overlay.lost(id);
  });
  program.overlay.onParting((id, consents) => {
    if (consents) program.membership.partingFrom(id);
    else program.membership.stayingWith(id);
  });
  relay.setRoutes(() => program.adjacency.routes());
  return program;
}

/** What most lessons never need comes when it is needed, to a node that may run already. */
export function addRequests(node: Node, program: Program, definition: typeof requests): Requests {
  const added = node.add(definition);
  added.reachBy((id) => program.adjacency.reaches(id));
  program.requests = added;
  return added;
}

/** The board of the merge lab, with whatever engines its definition has. It reads from the disk what was there. */
export function addBoard(
  node: Node,
  program: Program,
  definition: ReturnType<typeof boardOf>,
): Board {
  program.board = node.add(definition);
  return program.board;
}

/** Elections by whichever algorithm, the store on Raft's log, and locks. They read from the disk what was there. */
export function addElections(node: Node, program: Program, add: typeof addVoting): Voting {
  return (program.electorate = add(node, program));
}

/** The register in its three kinds, where elections are already. They read from the disk what was there. */
export function addRegisters(
  node: Node,
  program: Program,
  add: typeof addThreeRegisters,
): ThreeRegisters {
  const reached = () => program.adjacency.reached();
  return (program.registers = add(node, { store: program.electorate!, reached }));
}

/** From now on the node works as the room has chosen. What is beneath it is told by whoever has it. */
export function choose(program: Program, choices: RoomChoices): void {
  program.membership.use(choices.detector);
  program.overlay.use(choices);
  program.adjacency.use(choices.relay);
  program.gossip.use(choices);
  program.requests?.use(choices);
  program.electorate?.elections.use(choices);
  program.registers?.use(choices);
}

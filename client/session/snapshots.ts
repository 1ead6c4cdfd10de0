import type { ElectionPicture } from '../../src/election/elections.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import type { Working } from '../../src/membership/detectors/detector.ts';
import type { Beliefs } from '../../src/membership/majority.ts';
import type { MemberState, Verdict } from '../../src/membership/verdict.ts';
import type { NetworkChange, NetworkDocument } from '../../src/network/network-document.ts';
import type { NodeAct, NodeCondition } from '../../src/network/node-condition.ts';
import type { RoomChoices, SomeChoices } from '../../src/network/room-choices.ts';
import type { LinkState, NodeState, Path, Rung } from '../../src/wire/link-messages.ts';
import type { DiskTrouble } from '../platform/disk/disk-trouble.ts';
import type { RefusalCode } from '../../src/wire/refusals.ts';
import type { RoomInfo } from '../../src/wire/signaling-messages.ts';
import type { Incarnation, Json, Milliseconds, NodeId, RoomCode } from '../../src/vocabulary.ts';

/**
 * What the pages draw: plain, frozen pictures of a moment, published at most once a frame. Views
 * read these and nothing else of the session.
 */

/** The control plane, as this tab sees it. */
export type ServerView = 'connecting' | 'connected' | 'gone';

/** Where the tab stands with its room. Each has a face of its own. */
export type Phase =
  | { readonly at: 'no-webrtc' }
  | { readonly at: 'entering' }
  | { readonly at: 'inside' }
  /** The server said no; `code` says why and `message` what to do. Entering again may help. */
  | { readonly at: 'refused'; readonly code: RefusalCode; readonly message: string }
  /** For good: removed, superseded, room ended. */
  | { readonly at: 'out'; readonly code: RefusalCode; readonly message: string };

export interface PeerView {
  readonly id: NodeId;
  readonly name: string;
  readonly link: LinkState;
  readonly rung: Rung;
  readonly path: Path | null;
  readonly rttMs: Milliseconds | null;
  readonly verdict: Verdict;
  /** What stands behind the verdict: of one that is held for dead, whether it left by itself. */
  readonly state: MemberState;
  /** Why, in words for a student; empty if nothing is known of it but its name. */
  readonly reason: string;
  /** The names of those who suspect it, as far as is known here; empty unless it is suspect. */
  readonly suspectedBy: readonly string[];
  /** How long nothing has been heard of it. */
  readonly silentMs: Milliseconds | null;
  readonly plugged: boolean;
  /** Why the link is not open, as a sentence for a student; null when there is nothing to say. */
  readonly trouble: string | null;
}

export interface SelfView {
  readonly id: NodeId;
  readonly name: string;
  readonly incarnation: Incarnation;
  readonly state: NodeState;
  /** Its plug is in, whether it runs or not. */
  readonly plugged: boolean;
  /** What is left of a commanded pause; null if there is none. */
  readonly pausedForMs: Milliseconds | null;
}

export interface ClocksView {
  readonly wall: Milliseconds;
  readonly monotonic: Milliseconds;
  /** Null while no node lives in this tab; `vector` is empty then. */
  readonly lamport: number | null;
  /** By name, own entry first, the rest by name. `count` is of the node's present life. */
  readonly vector: readonly {
    readonly id: NodeId;
    readonly name: string;
    readonly count: number;
  }[];
}

/** How a linked node's wall clock differs from this node's own, as far as it is known. */
export interface OtherClockView {
  readonly id: NodeId;
  readonly name: string;
  /** Null until it has answered once. */
  readonly offset: { readonly ms: Milliseconds; readonly errorMs: Milliseconds } | null;
  /** How much faster it runs. Null while any drift that a clock may have would look the same. */
  readonly drift: { readonly ppm: number; readonly errorPpm: number } | null;
  /** False once it is sure that it drifts more than the errors allow for. */
  readonly asAssumed: boolean;
}

/** What the teacher has done to this node, as far as its student is told. */
export interface OrdersView {
  /** Its plug is pulled, wherever the student has left it. */
  readonly unplugged: boolean;
  /** It was the teacher who froze or crashed it. */
  readonly struck: boolean;
  /** How far the wall clock was set ahead; back where it is negative. */
  readonly clockAheadMs: Milliseconds;
  readonly driftPpm: number;
  readonly slowMs: Milliseconds;
  readonly sendOmission: number;
  readonly receiveOmission: number;
}

export interface DeliveryView {
  readonly id: string;
  readonly from: NodeId;
  readonly fromName: string;
  readonly payload: Json;
  readonly receivedAt: Milliseconds;
}

/** How the failure detectors see one peer, each with its own working: the one that counts comes first. */
export interface ThinkingView {
  readonly id: NodeId;
  /** Empty for one that is no neighbour: nobody watches it. */
  readonly workings: readonly Working[];
}

export interface StudentSnapshot {
  readonly phase: Phase;
  readonly server: ServerView;
  /** Null until the tab knows it. */
  readonly room: RoomInfo | null;
  readonly self: SelfView;
  readonly orders: OrdersView;
  /** By name. */
  readonly peers: readonly PeerView[];
  /** By which protocols the room works. */
  readonly choices: RoomChoices;
  /** Whom this node holds for leader; null while it elects nobody. */
  readonly election: ElectionPicture | null;
  /** Of the peer that is looked into; null if none is. */
  readonly thinking: ThinkingView | null;
  readonly clocks: ClocksView;
  /** Of those that are linked, by name. */
  readonly otherClocks: readonly OtherClockView[];
  /** The newest last; a bounded tail. */
  readonly deliveries: readonly DeliveryView[];
  /** True when the server could open no UDP port and no other ICE server is known. */
  readonly withoutStun: boolean;
  /** Why nothing that this node stores survives a crash; null if it does. */
  readonly diskTrouble: DiskTrouble | null;
}

/** What a student's page can do. */
export interface StudentActions {
  rename(name: string): void;
  unplug(): void;
  plug(): void;
  broadcast(payload: Json): void;
  /** Shows how the detectors think of this peer, from now on; null: of nobody. */
  lookInto(id: NodeId | null): void;
  /** After a crash. Without its disk the node has forgotten everything. */
  restart(keepDisk: boolean): void;
  /** Enter again after a refusal. */
  retry(): void;
  /** Start over as a new node, after `superseded`. */
  startAnew(): void;
}

export interface ObservedNode {
  readonly id: NodeId;
  readonly name: string;
  readonly incarnation: Incarnation;
  readonly plugged: boolean;
  /** Its socket is at the server. */
  readonly present: boolean;
  /** This page's own management link to it. */
  readonly watched: boolean;
  /** What it last said of itself; null before its first report. */
  readonly state: NodeState | null;
}

/** One link as its two ends report it; null where an end has said nothing. `a` is the lower id. */
export interface ObservedLink {
  readonly a: NodeId;
  readonly b: NodeId;
  readonly fromA: LinkState | null;
  readonly fromB: LinkState | null;
  readonly path: Path | null;
  readonly rttMs: Milliseconds | null;
}

/** The same, with what waits at each end for the line to the other; null where an end has said nothing. */
export interface ReportedLink extends ObservedLink {
  readonly queuedAtA: number | null;
  readonly queuedAtB: number | null;
}

/** What a node reports of one of its ways out. */
export interface WayQueue {
  readonly from: NodeId;
  readonly to: NodeId;
  /** What waits for the line now. */
  readonly bytes: number;
  /** Frames that found the queue full, so far. */
  readonly overflowed: number;
}

/** The trace of the session, as it is saved on the teacher's device. */
export interface RecordingView {
  readonly events: number;
  readonly bytes: number;
  /** True time; null until it has begun. */
  readonly since: Milliseconds | null;
  /** Events that are no longer in it, or never were. */
  readonly dropped: number;
  /** What the teacher should know of it, as a sentence. */
  readonly problem: string | null;
}

export interface TeacherSnapshot {
  readonly phase: Phase;
  readonly server: ServerView;
  readonly room: RoomInfo | null;
  readonly code: RoomCode;
  /** What students open; also in the QR code. */
  readonly joinUrl: string;
  /** By name. */
  readonly nodes: readonly ObservedNode[];
  readonly links: readonly ReportedLink[];
  /** What is laid upon the network. */
  readonly network: NetworkDocument;
  /** Who holds whom for what, as those that this page sees last said; who has crashed believes nothing. */
  readonly beliefs: Beliefs;
  /** This page's last change can be taken back: nobody has changed anything since. */
  readonly canUndo: boolean;
  readonly withoutStun: boolean;
  readonly recording: RecordingView;
}

export type PartitionStyle = Extract<NetworkChange, { do: 'partition' }>['style'];

/** What the teacher's page can do. Each answers null, or the sentence that says why not. */
export interface TeacherActions {
  rename(name: string): Promise<string | null>;
  lock(locked: boolean): Promise<string | null>;
  resize(capacity: number): Promise<string | null>;
  /** Whether students may see the room from above. */
  allowGodView(on: boolean): Promise<string | null>;
  remove(id: NodeId): Promise<string | null>;
  /** From now on these directions are under these rules alone. */
  links(rules: readonly LinkRule[]): Promise<string | null>;
  /** Parts every two nodes that share no group; in place of what parted the named nodes before. */
  partition(groups: readonly (readonly NodeId[])[], style: PartitionStyle): Promise<string | null>;
  /** Clears all rules of all links. */
  heal(): Promise<string | null>;
  /** Replaces the fields that are named; 0 and false clear theirs. */
  condition(condition: NodeCondition): Promise<string | null>;
  act(act: NodeAct): Promise<string | null>;
  /** By which protocols the room works from now on; what is left out stays. */
  choose(choices: SomeChoices): Promise<string | null>;
  /** Takes back this page's last change. */
  undo(): Promise<string | null>;
  end(): Promise<string | null>;
  /** Saves the recording as a file. */
  exportRecording(): Promise<string | null>;
  retry(): void;
}

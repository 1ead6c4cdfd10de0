import { MAX_CHANGE_CHARACTERS } from '../src/network/network-document.ts';
import { MAX_CAPACITY, MAX_OBSERVERS, MAX_SDP_LENGTH } from '../src/wire/signaling-limits.ts';
import type { Milliseconds } from '../src/vocabulary.ts';
import type { Rate } from './token-bucket.ts';

/** Every limit of the server, with its reason. A bench or a test may replace some. */
export interface Limits {
  readonly rooms: number;
  readonly connections: number;
  readonly awayGraceMs: Milliseconds;
  readonly enterWithinMs: Milliseconds;
  readonly answerWithinMs: Milliseconds;
  readonly sweepEveryMs: Milliseconds;
  readonly socketRate: Rate;
  readonly enterRate: Rate;
  readonly roomsPerAddress: Rate;
  readonly backlogPackets: number;
  readonly acquaintances: number;
  readonly removals: number;
  readonly forgetRoomAfterMs: Milliseconds;
  readonly noteUseEveryMs: Milliseconds;
  readonly shutdownMs: Milliseconds;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

export const DEFAULT_LIMITS: Limits = {
  /** A large school holds fewer classes at once; a room at rest costs about 10 kB. */
  rooms: 500,

  /** About 130 classes of 30; a socket costs about 20 kB. */
  connections: 4_000,

  /** A laptop changes its access point, or a phone its network, well within this. */
  awayGraceMs: 60 * SECOND,

  /** A tab enters as soon as its socket opens; ten seconds forgive the slowest Wi-Fi. */
  enterWithinMs: 10 * SECOND,

  /** A tab answers within milliseconds even when it is hidden; one that is frozen does not at all. */
  answerWithinMs: 2 * SECOND,

  /** Grace and deadlines are kept to the second, which nobody notices. */
  sweepEveryMs: SECOND,

  /**
   * In tokens, see COSTS. A full mesh of 60 at once: 59 attempts of about 8 signals make 472; twice
   * that with many network cards, and some spare. Afterwards one attempt after another, all day.
   */
  socketRate: { burst: 1_200, perSecond: 100 },

  /** Of all sockets together: a school that comes back after a power cut, once more in reserve. */
  enterRate: { burst: 2_000, perSecond: 500 },

  /** A teacher makes a room a lesson; ten at once is someone trying the button out. */
  roomsPerAddress: { burst: 10, perSecond: 1 / 10 },

  /** A tab that reads at all is never this far behind: four bursts of a full mesh of 60. */
  backlogPackets: 2_048,

  /** Who was ever let in, so that a lock does not keep them out. Four full rooms. */
  acquaintances: 4 * (MAX_CAPACITY + MAX_OBSERVERS),

  /** Ids that stay out. Whoever is removed more often than this has found the reload key. */
  removals: 4 * MAX_CAPACITY,

  /** Longer than any holiday between two lessons of one course would be a new course. */
  forgetRoomAfterMs: 30 * DAY,

  /** Days are counted, so an hour is exact enough, and entering need not write. */
  noteUseEveryMs: HOUR,

  /** What is polite to wait for tabs to close; with it the process ends within two seconds. */
  shutdownMs: 500,
};

/** What each event takes from a socket's tokens. */
export const COSTS = {
  /** For each SIGNAL_UNIT begun, so that large descriptions are not cheaper than small ones. */
  signal: 1,
  /** Each of these is told to the whole room: 60 at once, then five a second. */
  told: 20,
  /** Cheap for us, and a sign of a broken or hostile tab. */
  bad: 10,
} as const;

/** Rules, in a change or in the document that it changes. So many more cost as much as one message. */
export const RULES_UNIT = 1_000;

/** Characters. A description for data channels alone fits in one. */
export const SIGNAL_UNIT = 2_048;

/**
 * The largest description with every character escaped to two fits twice. What is larger than a
 * description may be but below this is refused by name; beyond it the connection is closed.
 */
export const MAX_MESSAGE_BYTES = 4 * MAX_SDP_LENGTH;

/**
 * From a teacher's page. A partition of 60 nodes is 1 kB, but one rule for every direction of 24 is
 * 68 kB, and what takes a change back names all that was before it. Beyond the largest change there
 * is room to refuse by name.
 */
export const MAX_TEACHER_MESSAGE_BYTES = MAX_CHANGE_CHARACTERS + MAX_MESSAGE_BYTES;

/** Addresses whose creation of rooms is remembered; the longest quiet is forgotten first. */
export const REMEMBERED_ADDRESSES = 1_024;

/** A class behind one router asks a few hundred times when all reload; a flood is not answered. */
export const STUN_RATE: Rate = { burst: 4_000, perSecond: 2_000 };

/** No STUN client has reason to exceed what every IPv6 path carries unfragmented. */
export const MAX_STUN_BYTES = 1_280;

/** HTTP: our own requests are under 1 kB of headers; slow clients get this long, and no longer. */
export const MAX_HEADER_BYTES = 8 * 1024;
export const HEADERS_WITHIN_MS = 10 * SECOND;
export const REQUEST_WITHIN_MS = 15 * SECOND;
export const KEEP_ALIVE_MS = 5 * SECOND;

/** TCP connections beyond those of tabs: page loads in progress. */
export const SPARE_CONNECTIONS = 500;

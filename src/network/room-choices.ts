import * as v from 'valibot';
import { MAX_CAPACITY } from '../wire/signaling-limits.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { isJson } from '../wire/json.ts';
import { choiceSchema } from './election-choice.ts';
import type { RegisterChoices } from './register-choices.ts';
import { whole } from './whole.ts';

/**
 * By which protocols a class works: what a teacher chooses for the whole room. It is part of the
 * network's document, so every node has the same, a late one too, and a replay knows what was chosen.
 */

/** Ways to tell that a node is silent; each is a file in `membership/detectors/`. */
export const DETECTORS = ['swim', 'phi', 'adaptive', 'fixed'] as const;
export type DetectorName = (typeof DETECTORS)[number];

/** Ways to tell everyone; each is a file in `gossip/`. */
export const SPREADS = ['tree', 'rumour', 'flood'] as const;
export type SpreadName = (typeof SPREADS)[number];

export const RUMOUR_STYLES = ['push', 'pull', 'push-pull'] as const;
export type RumourStyle = (typeof RUMOUR_STYLES)[number];

/** How calls are tried again; `requests/policy.ts` has what each amounts to. */
export const RETRIES = ['careful', 'naive', 'none'] as const;
export type RetryName = (typeof RETRIES)[number];

/** Beyond it a partial view is no longer one: it costs what a full mesh costs. */
export const MAX_ACTIVE_VIEW = 20;
export const MAX_FANOUT = 10;
export const MAX_ROUNDS = 40;

/** More voters bear more crashes, but each of them is asked for every entry; 3 and 5 are usual. */
export const MAX_VOTERS = 9;

/** Slow enough that a class can say aloud what comes next. */
export const MAX_SLOWNESS = 20;

/** One caller alone is then all that the called node can serve. */
export const MAX_CALLS_PER_SECOND = 50;

/** How each choice is checked. One that is left out in a change stays as it was. */
const choices = {
  /** Whose suspicion counts. All of them watch all the time, so that they can be compared. */
  detector: v.picklist(DETECTORS, `detector must be one of ${DETECTORS.join(', ')}`),
  /** Rooms of up to so many nodes are a full mesh. */
  fullMeshUpTo: whole('fullMeshUpTo', 0, MAX_CAPACITY),
  /** How many neighbours a node keeps in a larger room. */
  activeView: whole('activeView', 1, MAX_ACTIVE_VIEW),
  /** Nodes pass on what is for a node that the sender has no link to. A cut is then no longer a cut. */
  relay: v.boolean('relay must be true or false'),
  spread: v.picklist(SPREADS, `spread must be one of ${SPREADS.join(', ')}`),
  rumourStyle: v.picklist(RUMOUR_STYLES, `rumourStyle must be one of ${RUMOUR_STYLES.join(', ')}`),
  /** Whom a node tells, or asks, in each round. */
  rumourFanout: whole('rumourFanout', 1, MAX_FANOUT),
  /** How many rounds a rumour is worth telling. */
  rumourRounds: whole('rumourRounds', 1, MAX_ROUNDS),
  /** Neighbours compare from time to time what they have, and give each other what is missing. */
  antiEntropy: v.boolean('antiEntropy must be true or false'),
  /** News is held back until all that its sender knew of has arrived. */
  causal: v.boolean('causal must be true or false'),
  /** The node that all others call, all the time; null if nobody calls. */
  service: v.nullable(nodeIdSchema),
  /** How often each of the others calls it. */
  callsPerSecond: whole('callsPerSecond', 1, MAX_CALLS_PER_SECOND),
  /** What a caller does when no answer comes, and what keeps that from doing harm. */
  retries: v.picklist(RETRIES, `retries must be one of ${RETRIES.join(', ')}`),
  // Rooms and recordings of before there were elections do not have these three.
  /** By which algorithm the mesh elects; null if the class has chosen none. A switch on a tab's console is later. */
  election: v.optional(v.nullable(choiceSchema), null),
  /** How many times as slowly as usual elections go. */
  electionSlowness: v.optional(whole('electionSlowness', 1, MAX_SLOWNESS), 1),
  /** Who votes where votes are counted; null: the first few who are there. */
  electionVoters: v.optional(v.nullable(votersSchema()), null),
  /**
   * The registers of the class; null if it has none. A tab that never uses them need not know what they
   * look like: `registerChoicesSchema` checks it where it is chosen, and where it is used.
   */
  registers: v.optional(v.custom<RegisterChoices | null>(isJson), null),
};

export const roomChoicesSchema = v.strictObject(choices);
export type RoomChoices = v.InferOutput<typeof roomChoicesSchema>;

/** Some of the choices. */
export const someChoicesSchema = v.partial(roomChoicesSchema);
export type SomeChoices = v.InferOutput<typeof someChoicesSchema>;

export const DEFAULT_CHOICES: RoomChoices = {
  // One bad link convicts nobody: others are asked before a node is suspected.
  detector: 'swim',
  // So many tabs are known to bear 23 connections each, on one machine of two cores.
  fullMeshUpTo: 24,
  // With 30 nodes and half of them dead, 8 neighbours keep the rest connected in 97 % of cases, 5 in 58 %.
  activeView: 8,
  relay: false,
  spread: 'tree',
  rumourStyle: 'push',
  rumourFanout: 2,
  rumourRounds: 8,
  antiEntropy: true,
  causal: false,
  service: null,
  // Seven callers of a lesson then use seven tenths of what the called node can serve.
  callsPerSecond: 5,
  retries: 'careful',
  election: null,
  electionSlowness: 1,
  electionVoters: null,
  registers: null,
};

/** What holds when some of the choices are made anew. */
export function chosen(before: RoomChoices, some: SomeChoices): RoomChoices {
  const said = Object.entries(some).filter(([, choice]) => choice !== undefined);
  return { ...before, ...Object.fromEntries(said) };
}

function votersSchema() {
  const text = `electionVoters must be 1 to ${MAX_VOTERS} different nodes`;
  return v.pipe(
    v.array(nodeIdSchema, text),
    v.minLength(1, text),
    v.maxLength(MAX_VOTERS, text),
    v.check((voters) => new Set(voters).size === voters.length, text),
  );
}

/** Limits of the talk between tabs and the signaling server. */

/** Fits beside a node on a phone. */
export const MAX_NAME_LENGTH = 24;

/** A data-channel-only description is under 2 kB; a site with many candidates stays under this. */
export const MAX_SDP_LENGTH = 16 * 1024;
export const MAX_CANDIDATE_LENGTH = 512;
export const MAX_NONCE_LENGTH = 32;

/** A full mesh of 12 costs each tab 11 connections, which every school laptop bears. */
export const DEFAULT_CAPACITY = 12;

/** A full mesh of 60 costs each tab 59 connections, about an eighth of what a renderer may hold. */
export const MAX_CAPACITY = 60;

/** The teacher's page, a second screen, and spares. Nobody without the key takes one of these. */
export const MAX_TEACHERS = 4;

/**
 * Pages that look from above with the teacher's leave: one for each node of an ordinary class. Each
 * costs every node a connection and its reports, so that a class of 60 is watched in groups.
 */
export const MAX_ONLOOKERS = 12;

export const MAX_OBSERVERS = MAX_TEACHERS + MAX_ONLOOKERS;

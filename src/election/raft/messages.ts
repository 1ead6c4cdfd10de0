import * as v from 'valibot';
import { MAX_INCARNATION } from '../../clocks/tick.ts';
import { entrySchema, indexSchema, termSchema } from './entry.ts';
import { snapshotSchema } from './log.ts';
import { DEFAULT_OPTIONS } from './options.ts';

const birth = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_INCARNATION));

/** Which member it is from and for: a node whose disk was wiped since is another. */
const ends = { from: birth, to: birth };

/** Counts how often a leader has spoken to all in its term: whoever answers says which time it heard. */
const round = indexSchema;

export const raftSchema = v.variant('type', [
  /** 'I hear no leader, and this is who I am.' */
  v.object({ type: v.literal('join'), from: birth }),
  v.object({
    type: v.literal('ask-vote'),
    ...ends,
    /** In which the candidate would lead. */
    term: termSchema,
    lastIndex: indexSchema,
    lastTerm: termSchema,
    /** It only wants to know whether it could win. */
    isPre: v.boolean(),
    /** The leader itself has asked it to take over. */
    isHandover: v.boolean(),
  }),
  v.object({
    type: v.literal('vote'),
    ...ends,
    /** Of the question if granted, else of the one who refuses. */
    term: termSchema,
    isPre: v.boolean(),
    granted: v.boolean(),
  }),
  v.object({
    type: v.literal('append'),
    ...ends,
    term: termSchema,
    prevIndex: indexSchema,
    prevTerm: termSchema,
    entries: v.pipe(v.array(entrySchema), v.maxLength(DEFAULT_OPTIONS.maxEntries)),
    commit: indexSchema,
    round,
  }),
  v.object({
    type: v.literal('install'),
    ...ends,
    term: termSchema,
    snapshot: snapshotSchema,
    round,
  }),
  v.object({
    type: v.literal('appended'),
    ...ends,
    term: termSchema,
    /** Up to where the logs are the same. */
    match: indexSchema,
    round,
  }),
  v.object({
    type: v.literal('mismatch'),
    ...ends,
    term: termSchema,
    /** The question's, so that a late answer is known as one. */
    prevIndex: indexSchema,
    /** The furthest place at which the logs may agree, and its term. */
    hintIndex: indexSchema,
    hintTerm: termSchema,
    round,
  }),
  v.object({ type: v.literal('take-over'), ...ends, term: termSchema }),
]);

export type RaftMessage = v.InferOutput<typeof raftSchema>;
type Of<Type extends RaftMessage['type']> = Extract<RaftMessage, { readonly type: Type }>;
export type AskVote = Of<'ask-vote'>;
export type Vote = Of<'vote'>;
export type Append = Of<'append'>;
export type Install = Of<'install'>;
export type Appended = Of<'appended'>;
export type Mismatch = Of<'mismatch'>;

/** A message between two members, without who they are. */
export type Said = { [Type in RaftMessage['type']]: Omit<Of<Type>, 'from' | 'to'> }[Exclude<
  RaftMessage['type'],
  'join'
>];

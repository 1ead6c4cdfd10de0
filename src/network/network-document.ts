import * as v from 'valibot';
import { MAX_CAPACITY } from '../wire/signaling-limits.ts';
import { MAX_RULES, rulesDocumentSchema } from './rules-document.ts';
import { linkRuleSchema } from './link-rule.ts';
import { nodeConditionSchema } from './node-condition.ts';
import { DEFAULT_CHOICES, roomChoicesSchema, someChoicesSchema } from './room-choices.ts';

/** A title names a few nodes; longer lists are counted. */
export const MAX_TITLE_LENGTH = 200;

/**
 * As JSON. A rule of five figures for every direction of the fullest room, and a partition besides,
 * is half of it. It goes to every tab whole, and must fit in one message to be taken back.
 */
export const MAX_DOCUMENT_CHARACTERS = 1024 * 1024;

/** What takes the largest document back, and names itself besides. */
export const MAX_CHANGE_CHARACTERS = MAX_DOCUMENT_CHARACTERS + 1_024;

/**
 * All that the teacher has laid upon a room: the rules of its links, the conditions of its nodes, and
 * by which protocols they work.
 * The server owns it; a higher version replaces a lower one as a whole. Where it says nothing of a
 * direction or of a node, nothing befalls it.
 */
export const networkDocumentSchema = v.object({
  ...rulesDocumentSchema.entries,
  conditions: v.pipe(v.array(nodeConditionSchema), v.maxLength(MAX_CAPACITY)),
  /** Documents of before there were these do not have them. */
  choices: v.optional(roomChoicesSchema, DEFAULT_CHOICES),
  /** What the teacher did last, in words. */
  title: v.pipe(v.string(), v.maxLength(MAX_TITLE_LENGTH)),
  /** When, in the server's true milliseconds since 1970. */
  at: v.number(),
});
export type NetworkDocument = v.InferOutput<typeof networkDocumentSchema>;

/** Before the teacher has done anything. */
export const UNTOUCHED: NetworkDocument = {
  version: 0,
  rules: [],
  conditions: [],
  choices: DEFAULT_CHOICES,
  title: '',
  at: 0,
};

/** What a teacher does to the network of the room. The server carries it out as one change. */
export const networkChangeSchema = v.variant('do', [
  /**
   * From now on these directions are under these rules and no others; rules for the same direction
   * compose. A rule that says nothing clears its direction. Other directions stay as they are.
   */
  v.object({
    do: v.literal('links'),
    rules: v.pipe(
      v.array(linkRuleSchema),
      v.minLength(1, 'rules are missing'),
      v.maxLength(MAX_RULES, `a room takes ${MAX_RULES} rules at most`),
    ),
  }),
  /**
   * Parts every two nodes that share no group, in place of whatever parted the named nodes before.
   * Latency, loss and the rest of their rules stay.
   */
  v.object({
    do: v.literal('partition'),
    groups: v.pipe(
      v.array(v.pipe(v.array(nodeConditionSchema.entries.id), v.maxLength(MAX_CAPACITY))),
      v.minLength(1, 'a partition needs groups'),
      v.maxLength(MAX_CAPACITY),
    ),
    style: v.picklist(['cut', 'blackhole'], "style must be 'cut' or 'blackhole'"),
  }),
  /** Clears all rules of all links. Conditions of nodes stay. */
  v.object({ do: v.literal('heal') }),
  /** Replaces the fields that are named; 0 and false clear theirs. */
  v.object({ do: v.literal('node'), condition: nodeConditionSchema }),
  /** Replaces the choices that are named. */
  v.object({ do: v.literal('choose'), choices: someChoicesSchema }),
  /** Back to what was: refused if the document is no longer the one that this takes back. */
  v.object({
    do: v.literal('restore'),
    version: rulesDocumentSchema.entries.version,
    rules: rulesDocumentSchema.entries.rules,
    conditions: v.pipe(v.array(nodeConditionSchema), v.maxLength(MAX_CAPACITY)),
    choices: roomChoicesSchema,
  }),
]);
export type NetworkChange = v.InferOutput<typeof networkChangeSchema>;

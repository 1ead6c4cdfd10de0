import * as v from 'valibot';
import { NODE_ID_LENGTH, parseNodeId, type Json } from '../../vocabulary.ts';
import { MAX_MEMBERS, type Config } from './config.ts';
import type { MemberId } from './member.ts';

/** What a log consists of; its index is its place. */
export type Entry = {
  /** That of the leader that made it. */
  readonly term: number;
} & (
  | { readonly type: 'noop' }
  | { readonly type: 'config'; readonly config: Config }
  | { readonly type: 'command'; readonly command: Json }
);

export const memberSchema = v.custom<MemberId>(
  (value) =>
    typeof value === 'string' &&
    parseNodeId(value.slice(0, NODE_ID_LENGTH)) !== undefined &&
    /^\.[1-9][0-9]{0,8}$/.test(value.slice(NODE_ID_LENGTH)),
);

const members = v.pipe(v.array(memberSchema), v.maxLength(MAX_MEMBERS));
export const configSchema: v.GenericSchema<unknown, Config> = v.object({
  voters: members,
  learners: members,
});

/** A term counts elections. One a second for half a year. */
export const termSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 24));
export const indexSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 40));

/** Whether a command makes sense is for the state machine to say: each gives the same answer everywhere. */
const commandSchema = v.custom<Json>((value) => value !== undefined);

export const entrySchema: v.GenericSchema<unknown, Entry> = v.variant('type', [
  v.object({ type: v.literal('noop'), term: termSchema }),
  v.object({ type: v.literal('config'), term: termSchema, config: configSchema }),
  v.object({ type: v.literal('command'), term: termSchema, command: commandSchema }),
]);

import * as v from 'valibot';
import { registerSettingSchema, type RegisterSetting } from '../../network/register-setting.ts';
import { nodeIdSchema } from '../../wire/signaling-messages.ts';
import { keySchema, valueSchema } from './cell.ts';
import { lifeSchema, versionSchema } from './version.ts';

/** Which setting it belongs to: what another one has begun is no business of this one's. */
const { turn, by } = registerSettingSchema.entries;
const run = v.strictObject({ turn, by });

/** Which question of which life of the node that asks. */
const question = {
  run,
  life: lifeSchema,
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
};

/** Whose copy is meant: that of who is asked, or the one of another that it stands in for. */
const copy = { key: keySchema, home: nodeIdSchema };

export const quorumSchema = v.variant('type', [
  v.object({ type: v.literal('setting'), setting: registerSettingSchema }),
  /** What do you hold? If `brief`, its version alone. */
  v.object({ type: v.literal('tell'), ...question, ...copy, brief: v.boolean() }),
  /** Hold this, unless what you hold is newer. */
  v.object({
    type: v.literal('take'),
    ...question,
    ...copy,
    version: versionSchema,
    value: valueSchema,
  }),
  v.object({
    type: v.literal('answer'),
    ...question,
    /** 'newer': not taken, for the answerer holds something newer. 'full': not taken, for want of room. */
    did: v.picklist(['told', 'taken', 'newer', 'full']),
    version: v.nullable(versionSchema),
    value: valueSchema,
  }),
]);
export type QuorumMessage = v.InferOutput<typeof quorumSchema>;

type Tell = Extract<QuorumMessage, { readonly type: 'tell' }>;
type Take = Extract<QuorumMessage, { readonly type: 'take' }>;
export type Asked = Tell | Take;
type Envelope = 'run' | 'life' | 'number';

/** A question without what tells it apart from others. */
export type Question = Omit<Tell, Envelope> | Omit<Take, Envelope>;
export type Answer = Omit<Extract<QuorumMessage, { readonly type: 'answer' }>, Envelope | 'type'>;

/** One setting, as messages and notes name it. */
export type RunId = Pick<RegisterSetting, 'turn' | 'by'>;

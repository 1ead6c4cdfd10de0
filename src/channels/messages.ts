import * as v from 'valibot';

/** What travels between neighbours for other people's software. */

/** Documents that one tab has open at once. */
export const MAX_CHANNELS = 32;

export const MAX_NAME_LENGTH = 64;

/** What is told of an opening: enough for an id and a few words. */
export const MAX_ABOUT_BYTES = 512;

/** With its header a part is one chunk of the stream, so other protocols get their turn between two. */
export const PART_BYTES = 15 * 1024;

/** Beyond what any number here reaches: a part each microsecond for two centuries. */
const MAX_COUNT = Number.MAX_SAFE_INTEGER;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_COUNT));

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NAME_LENGTH));

function bytesUpTo(limit: number) {
  return v.custom<Uint8Array>(
    (x) => x instanceof Uint8Array && x.length <= limit,
    `not up to ${limit} bytes`,
  );
}

/** A meeting has two numbers, one that each end gave it; what carries others is of an earlier one. */
const meeting = { channel: name, from: count, to: count };

/** All parts up to that one are there, so many beyond the first that is lacking; and which sending came last. */
const got = { upTo: count, held: count, heard: count };

export const channelsSchema = v.variant('type', [
  /** These channels I have open, in place of what I said before; whoever is asked says the same. */
  v.object({
    type: v.literal('here'),
    round: count,
    asks: v.boolean(),
    channels: v.pipe(
      v.array(v.object({ name, opening: count, about: bytesUpTo(MAX_ABOUT_BYTES) })),
      v.maxLength(MAX_CHANNELS),
    ),
  }),
  /** A piece of a message. */
  v.object({
    type: v.literal('part'),
    ...meeting,
    ...got,
    number: count,
    sending: count,
    last: v.boolean(),
    bytes: bytesUpTo(PART_BYTES),
  }),
  v.object({ type: v.literal('ack'), ...meeting, ...got }),
]);
export type ChannelsMessage = v.InferOutput<typeof channelsSchema>;
export type Kind<Type extends ChannelsMessage['type']> = Extract<ChannelsMessage, { type: Type }>;
/** What each end tells the other of what it has got. */
export type Got = Pick<Kind<'ack'>, 'upTo' | 'held' | 'heard'>;

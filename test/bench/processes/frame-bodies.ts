import * as v from 'valibot';
import { floodSchema } from '../../../src/gossip/flood.ts';
import { pingSchema } from '../../../src/membership/ping.ts';
import { testNodeId } from '../../support/node-ids.ts';

/** A message with the schema that checks it on arrival. */
export interface FrameBody {
  readonly figure: string;
  readonly schema: v.GenericSchema;
  readonly message: unknown;
}

/** Who sends all frames of the bench. */
export const SENDER = testNodeId(0);

const FIELDS = Array.from({ length: 30 }, (_, i) => `field${i}`);
const kinds = [
  v.pipe(v.string(), v.maxLength(40)),
  v.pipe(v.number(), v.safeInteger()),
  v.boolean(),
];
const values = (i: number) => [`some text ${i}`, i * 1_000, i % 2 === 0];

export const BODIES: readonly FrameBody[] = [
  {
    figure: 'a ping (2 fields, 19 bytes)',
    schema: pingSchema,
    message: { type: 'ping', number: 7 },
  },
  {
    figure: 'a flood of 100 letters (3 fields, 147 bytes)',
    schema: floodSchema,
    message: {
      id: `${SENDER}.1.5`,
      origin: SENDER,
      payload: 'lorem ipsum dolor sit amet. '.repeat(4).slice(0, 100),
    },
  },
  {
    figure: 'a form of 30 fields (texts, numbers, flags; 399 bytes)',
    schema: v.object(Object.fromEntries(FIELDS.map((key, i) => [key, kinds[i % 3]!]))),
    message: Object.fromEntries(FIELDS.map((key, i) => [key, values(i)[i % 3]])),
  },
];

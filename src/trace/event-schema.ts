import * as v from 'valibot';
import { MAX_INCARNATION, TICKS_PER_LIFE } from '../clocks/tick.ts';
import { MAX_VECTOR_ENTRIES } from '../clocks/vector.ts';
import { NODE_ID_PATTERN, type NodeId } from '../vocabulary.ts';
import { DROP_REASONS, type Burden, type TraceEvent } from './event.ts';

/**
 * Every event of the union, as it stands in a file. Nothing is passed over: a field that is not known
 * is refused, since it could not be kept.
 */

const nodeId = v.custom<NodeId>(
  (x) => typeof x === 'string' && NODE_ID_PATTERN.test(x),
  'must be a node id',
);
const count = v.pipe(v.number('must be a number'), v.safeInteger('must be whole'), v.minValue(0));
const ordinal = v.pipe(count, v.minValue(1, 'must be 1 or more'));
const text = v.string('must be a text');
const milliseconds = v.number('must be a number');

const vector = v.custom<TraceEvent['vector']>(
  (x) =>
    isPlainObject(x) &&
    Object.keys(x).length <= MAX_VECTOR_ENTRIES &&
    Object.entries(x).every(
      ([id, tick]) => NODE_ID_PATTERN.test(id) && Number.isSafeInteger(tick) && Number(tick) >= 0,
    ),
  `must be up to ${MAX_VECTOR_ENTRIES} whole numbers by node id`,
);

type Detail = Extract<TraceEvent, { type: 'note' }>['detail'];

const detail = v.custom<Detail>(
  (x) =>
    isPlainObject(x) &&
    Object.values(x).every(
      (value) => value === null || ['string', 'number', 'boolean'].includes(typeof value),
    ),
  'must be texts, numbers, booleans and nulls by name',
);

const burden = v.custom<Burden>(
  (x) =>
    isPlainObject(x) &&
    Object.values(x).every((value) => ['string', 'number', 'boolean'].includes(typeof value)),
  'must be texts, numbers and booleans by name',
);

function isPlainObject(x: unknown): x is { readonly [key: string]: unknown } {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

const stamp = {
  node: nodeId,
  incarnation: v.pipe(ordinal, v.maxValue(MAX_INCARNATION)),
  sequence: v.pipe(ordinal, v.maxValue(TICKS_PER_LIFE - 1)),
  lamport: count,
  vector,
  at: milliseconds,
  wall: milliseconds,
  monotonic: milliseconds,
};

const ofMessage = { ...stamp, protocol: text, message: ordinal, bytes: count };

export const eventSchema = v.variant(
  'type',
  [
    v.strictObject({ ...stamp, type: v.literal('start') }),
    v.strictObject({ ...stamp, type: v.literal('stop') }),
    v.strictObject({ ...stamp, type: v.literal('restart'), entries: count }),
    v.strictObject({ ...stamp, type: v.literal('crash') }),
    v.strictObject({ ...stamp, type: v.literal('pause'), lengthMs: v.nullable(milliseconds) }),
    v.strictObject({ ...stamp, type: v.literal('resume'), pausedMs: milliseconds, lost: count }),
    v.strictObject({
      ...stamp,
      type: v.literal('store'),
      write: ordinal,
      entries: count,
      bytes: count,
    }),
    v.strictObject({ ...ofMessage, type: v.literal('send'), to: nodeId, kind: text }),
    v.strictObject({ ...ofMessage, type: v.literal('receive'), from: nodeId }),
    v.strictObject({
      ...stamp,
      type: v.literal('drop'),
      peer: nodeId,
      protocol: text,
      reason: v.picklist(DROP_REASONS, 'must be a reason'),
    }),
    v.strictObject({ ...stamp, type: v.literal('up'), peer: nodeId }),
    v.strictObject({ ...stamp, type: v.literal('down'), peer: nodeId, reason: text }),
    v.strictObject({
      ...stamp,
      type: v.literal('order'),
      title: text,
      version: v.nullable(count),
      under: v.nullable(
        v.strictObject({
          links: v.pipe(v.array(v.strictObject({ to: nodeId, rule: burden })), v.readonly()),
          node: burden,
        }),
      ),
    }),
    v.strictObject({
      ...stamp,
      type: v.literal('quarantine'),
      peer: nodeId,
      untilMonotonic: milliseconds,
    }),
    v.strictObject({ ...stamp, type: v.literal('note'), protocol: text, kind: text, detail }),
  ],
  'must be the name of an event',
);

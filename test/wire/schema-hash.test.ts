import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { MAX_INCARNATION } from '../../src/clocks/tick.ts';
import { MAX_VECTOR_ENTRIES } from '../../src/clocks/vector.ts';
import {
  MAX_KEY_LENGTH as MAX_CELL_KEY_LENGTH,
  MAX_VALUE_BYTES as MAX_CELL_BYTES,
} from '../../src/coordination/quorum/cell.ts';
import { quorum } from '../../src/coordination/quorum/quorum.ts';
import { MAX_KEY_LENGTH, MAX_VALUE_BYTES } from '../../src/election/kv/commands.ts';
import { kvOver } from '../../src/election/kv/kv.ts';
import { lockOver } from '../../src/coordination/lock/lock.ts';
import { MAX_VALUE_BYTES as MAX_GUARDED_BYTES } from '../../src/coordination/lock/messages.ts';
import { MAX_VALUE_LENGTH } from '../../src/coordination/registers/cell.ts';
import { MAX_MARK_BYTES } from '../../src/coordination/registers/messages.ts';
import { registersOver } from '../../src/coordination/registers/registers.ts';
import { flood } from '../../src/gossip/flood.ts';
import { gossip } from '../../src/gossip/gossip.ts';
import { MAX_PAYLOAD_BYTES } from '../../src/gossip/payload.ts';
import { channels } from '../../src/channels/channels.ts';
import { PART_BYTES } from '../../src/channels/messages.ts';
import { actAnswerSchema } from '../../src/network/control-plane.ts';
import { networkChangeSchema, networkDocumentSchema } from '../../src/network/network-document.ts';
import { MAX_HOPS, RELAY_MARK, writeEnvelope } from '../../src/network/relay-envelope.ts';
import { registerChoicesSchema } from '../../src/network/register-choices.ts';
import { nodeActSchema } from '../../src/network/node-condition.ts';
import { boardOf } from '../../src/merge/board.ts';
import { algorithmsWith } from '../../src/election/algorithms.ts';
import { electionsOf } from '../../src/election/elections.ts';
import { KeyValueMachine } from '../../src/election/kv/machine.ts';
import { overlayOver } from '../../src/membership/overlay/overlay.ts';
import { membership } from '../../src/membership/membership.ts';
import { adjacency } from '../../src/membership/adjacency.ts';
import { ping } from '../../src/membership/ping.ts';
import { MAX_PAYLOAD_BYTES as MAX_CALL_BYTES } from '../../src/requests/messages.ts';
import { requests } from '../../src/requests/requests.ts';
import { timeSync } from '../../src/timesync/time-sync.ts';
import { eventSchema } from '../../src/trace/event-schema.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import {
  endSchema,
  headSchema,
  toldSchema,
  TRACE_FILE_VERSION,
} from '../../src/trace/trace-file.ts';
import {
  NODE_ID_LENGTH,
  NODE_ID_PATTERN,
  ROOM_CODE_LENGTH,
  ROOM_CODE_PATTERN,
} from '../../src/vocabulary.ts';
import { MAX_BODY_DEPTH, encodeBody } from '../../src/wire/body.ts';
import { CHUNK_HEADER_BYTES, CHUNK_MARK } from '../../src/wire/chunk.ts';
import { encodeFrame, FRAME_VERSION, PROTOCOL_NAME_PATTERN } from '../../src/wire/frame.ts';
import { MAX_JSON_DEPTH } from '../../src/wire/json.ts';
import { CHUNK_BYTES, MAX_DATAGRAM_BYTES, MAX_FRAME_BYTES } from '../../src/wire/lane.ts';
import { LINK_VERSION, linkMessageSchema } from '../../src/wire/link-messages.ts';
import * as signaling from '../../src/wire/signaling-messages.ts';
import { VectorImage } from '../../src/wire/vector-image.ts';
import { encodeEventBatch } from '../../src/wire/event-batch-writer.ts';
import { ONE_OF_EACH } from '../support/one-of-each.ts';
import { TEST_ROOM, testNodeId } from '../support/node-ids.ts';
import { describeSchema } from './describe-schema.ts';

/** What every schema leans on beyond what it says itself. */
const elections = electionsOf(algorithmsWith(new KeyValueMachine()));
const vocabulary = [NODE_ID_PATTERN, ROOM_CODE_PATTERN, NODE_ID_LENGTH, ROOM_CODE_LENGTH];

/** One frame with a field of every kind: its bytes are the layout. */
const sampleFrame = encodeFrame(
  TEST_ROOM,
  {
    sender: testNodeId(1),
    incarnation: 300,
    protocol: 'sample',
    protocolVersion: 7,
    message: 70_000,
    lamport: 2 ** 40,
  },
  new VectorImage().bytesOf({ ids: [testNodeId(2)], ticks: [2_000_000_001] }),
  encodeBody({ text: 'x', list: [1, -1.5, null, true] }),
)!;

/** One event of every kind: its bytes are the layout. */
const sampleBatch = encodeEventBatch(
  { sentAt: 1.5, level: 1, lost: 2, leftOut: new Map() },
  Object.values(ONE_OF_EACH).map((happening, i): TraceEvent => {
    const sequence = i + 1;
    const vector = { [testNodeId(0)]: sequence, [testNodeId(1)]: 5 };
    return { node: testNodeId(0), incarnation: 1, sequence, lamport: i, vector, at: 1, wall: 2, monotonic: 3, ...happening }; // prettier-ignore
  }),
).bytes;

/** Its messages are the same over whatever links. */
const overlay = overlayOver({ contacts: () => [], want() {}, unwant() {} });

/** Whatever engines it has. */
const board = boardOf([]);

/** Whatever log it stands on. */
const kv = kvOver(() => null);
const lock = lockOver({ get() {}, cas() {} });

/** Whatever they are built on. */
const nothing = {
  put() {},
  get() {},
  covers: () => true,
  raised: () => null,
};
const registers = registersOver({ cp: nothing, ap: nothing, quorum: nothing });

const pinned = [
  {
    name: 'frames',
    version: FRAME_VERSION,
    says: [
      [...sampleFrame],
      [CHUNK_MARK, CHUNK_HEADER_BYTES, CHUNK_BYTES, MAX_DATAGRAM_BYTES, MAX_FRAME_BYTES],
      [MAX_INCARNATION, MAX_VECTOR_ENTRIES, MAX_BODY_DEPTH, PROTOCOL_NAME_PATTERN],
    ],
    is: { version: 1, hash: '83b9a534a0b41724' },
  },
  {
    // Another layout has another mark.
    name: 'relayed frames',
    version: RELAY_MARK,
    says: [
      MAX_HOPS,
      [
        ...writeEnvelope({
          lane: 'datagram',
          target: testNodeId(1),
          path: [testNodeId(2), testNodeId(3)],
          frame: Uint8Array.of(1),
        }),
      ],
    ],
    is: { version: 0xe7, hash: '7aecbb25a8f5b116' },
  },
  {
    name: 'links',
    version: LINK_VERSION,
    says: [linkMessageSchema, [...sampleBatch]],
    is: { version: 4, hash: '33c31c210be4973b' },
  },
  {
    name: 'signaling',
    version: signaling.SIGNALING_VERSION,
    says: [
      Object.entries(signaling).filter(([name]) => name.endsWith('Schema')),
      [networkDocumentSchema, networkChangeSchema, nodeActSchema, actAnswerSchema],
      registerChoicesSchema,
    ],
    is: { version: 8, hash: 'a30505bcf4354f02' },
  },
  {
    name: 'trace files',
    version: TRACE_FILE_VERSION,
    says: [headSchema, eventSchema, toldSchema, endSchema],
    is: { version: 2, hash: 'bf55e4943a09340a' },
  },
  {
    name: 'flood',
    version: flood.version,
    says: [flood.schema, flood.lane, MAX_PAYLOAD_BYTES, MAX_JSON_DEPTH],
    is: { version: 1, hash: 'ae2d11dedf6e5233' },
  },
  {
    name: 'membership',
    version: membership.version,
    says: [membership.schema, membership.lane],
    is: { version: 1, hash: '95902bc4ea9b5d20' },
  },
  {
    name: 'election',
    version: elections.version,
    says: [elections.schema, elections.lane],
    is: { version: 2, hash: 'adba8b0cd30feffe' },
  },
  {
    name: 'gossip',
    version: gossip.version,
    says: [gossip.schema, gossip.lane, MAX_PAYLOAD_BYTES, MAX_JSON_DEPTH],
    is: { version: 1, hash: 'cef9d196067080f2' },
  },
  {
    name: 'ping',
    version: ping.version,
    says: [ping.schema, ping.lane],
    is: { version: 1, hash: '8752c7db5f948759' },
  },
  {
    name: 'overlay',
    version: overlay.version,
    says: [overlay.schema, overlay.lane],
    is: { version: 1, hash: '3be8f836186fd506' },
  },
  {
    name: 'timesync',
    version: timeSync.version,
    says: [timeSync.schema, timeSync.lane],
    is: { version: 1, hash: '17f5746cf5a356b8' },
  },
  {
    name: 'adjacency',
    version: adjacency.version,
    says: [adjacency.schema, adjacency.lane],
    is: { version: 1, hash: '738d6ae830339688' },
  },
  {
    name: 'requests',
    version: requests.version,
    says: [requests.schema, requests.lane, MAX_CALL_BYTES],
    is: { version: 1, hash: '4b78f7ff9b71f637' },
  },
  {
    name: 'channels',
    version: channels.version,
    says: [channels.schema, channels.lane, PART_BYTES],
    is: { version: 1, hash: '0408acb7574bbfa4' },
  },
  {
    name: 'board',
    version: board.version,
    says: [board.schema, board.lane],
    is: { version: 1, hash: 'b0cad4c550ff86e3' },
  },
  {
    name: 'kv',
    version: kv.version,
    says: [kv.schema, kv.lane, MAX_KEY_LENGTH, MAX_VALUE_BYTES],
    is: { version: 1, hash: '89abbee46df632a2' },
  },
  {
    name: 'registers',
    version: registers.version,
    says: [registers.schema, registers.lane, MAX_VALUE_LENGTH, MAX_MARK_BYTES],
    is: { version: 1, hash: '73e46916a78e6f98' },
  },
  {
    name: 'quorum',
    version: quorum.version,
    says: [quorum.schema, quorum.lane, MAX_CELL_KEY_LENGTH, MAX_CELL_BYTES],
    is: { version: 1, hash: 'b0e63d0e765fec40' },
  },
  {
    name: 'lock',
    version: lock.version,
    says: [lock.schema, lock.lane, MAX_GUARDED_BYTES],
    is: { version: 1, hash: '3a20400fb059f5a7' },
  },
];

function hashOf(says: readonly unknown[]): string {
  const text = JSON.stringify(describeSchema([vocabulary, ...says]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

describe('WIRE-9 what is said on the wire changes only together with its version', () => {
  test.each(pinned)('$name', ({ version, says, is }) => {
    expect(
      { version, hash: hashOf(says) },
      'The schema changed. Raise its version, then pin the new version and hash here.',
    ).toEqual(is);
  });
});

describe('the description notices', () => {
  const base = v.object({ a: v.pipe(v.string(), v.regex(/^x$/), v.maxLength(3)) });
  test.each([
    ['another pattern', v.object({ a: v.pipe(v.string(), v.regex(/^y$/), v.maxLength(3)) })],
    ['another limit', v.object({ a: v.pipe(v.string(), v.regex(/^x$/), v.maxLength(4)) })],
    ['another name', v.object({ b: v.pipe(v.string(), v.regex(/^x$/), v.maxLength(3)) })],
    ['one field more', v.object({ ...base.entries, b: v.number() })],
    ['a field that may be missing', v.object({ a: v.optional(base.entries.a) })],
    ['a looser object', v.looseObject(base.entries)],
    ['another literal', v.object({ a: v.literal('x') })],
  ])('%s', (_what, other) => {
    expect(hashOf([other])).not.toBe(hashOf([base]));
    expect(hashOf([base])).toBe(hashOf([v.object({ ...base.entries })]));
  });

  test('a literal, a choice and a branch of a union', () => {
    const hashes = [
      v.literal('a'),
      v.literal('b'),
      v.picklist(['a', 'b']),
      v.picklist(['a', 'c']),
      v.variant('t', [v.object({ t: v.literal('a') })]),
      v.variant('t', [v.object({ t: v.literal('b') })]),
    ].map((schema) => hashOf([schema]));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

import fc from 'fast-check';
import { DEFAULT_CHOICES } from '../../src/network/room-choices.ts';
import { MAX_SDP_LENGTH } from '../../src/wire/signaling-limits.ts';
import type { OpenRoom } from './support.ts';

/** Anything that a teacher may say of a network, and much that nobody may. */
export function anyOrder(id: fc.Arbitrary<string>) {
  const figure = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.integer(), fc.double());
  return fc.record(
    {
      do: fc.constantFrom(
        'links',
        'partition',
        'heal',
        'node',
        'choose',
        'restore',
        'jump',
        'pause',
      ),
      id,
      rules: fc.array(
        fc.record(
          { from: id, to: id, cut: fc.boolean(), latencyMs: figure, loss: figure },
          { requiredKeys: ['from', 'to'] },
        ),
        { maxLength: 4 },
      ),
      groups: fc.array(fc.array(id, { maxLength: 3 }), { maxLength: 3 }),
      style: fc.constantFrom('cut', 'blackhole', 'wall'),
      condition: fc.record({ id, slowMs: figure, unplugged: fc.boolean() }),
      choices: fc.constantFrom(
        DEFAULT_CHOICES,
        { ...DEFAULT_CHOICES, detector: 'phi' },
        { spread: 'flood' },
        { detector: 'oracle' },
      ),
      conditions: fc.array(fc.record({ id, driftPpm: figure }), { maxLength: 2 }),
      version: fc.nat(3),
      ms: figure,
      byMs: figure,
      keepDisk: fc.boolean(),
    },
    { requiredKeys: ['do', 'id'] },
  );
}

/** Any event with any arguments: nonsense, near misses of good messages, binary, long strings. */
export function anyMessage(
  room: OpenRoom,
  ids: readonly string[],
): fc.Arbitrary<[string, ...unknown[]]> {
  const id = fc.oneof(fc.constantFrom(...ids), fc.string());
  const order = anyOrder(id);
  const good = fc.oneof(
    fc.record(
      {
        room: fc.constantFrom(room.code, 'ACDEFG'),
        id,
        secret: fc.constantFrom('0'.repeat(32), 'f'.repeat(32)),
        incarnation: fc.nat(3),
        name: fc.string({ maxLength: 30, unit: 'binary' }),
        role: fc.constantFrom('node', 'observer'),
        plugged: fc.boolean(),
        key: fc.constantFrom(room.key, 'bad'),
      },
      { requiredKeys: ['room', 'id'] },
    ),
    fc.record(
      {
        to: id,
        nonce: fc.constantFrom('a', 'b', 'Z'),
        from: id,
        signal: fc.oneof(
          fc.record({
            type: fc.constantFrom('offer', 'answer', 'knock', 'candidate'),
            sdp: fc.string(),
          }),
          fc.constant({ type: 'offer', sdp: 'x'.repeat(MAX_SDP_LENGTH) }),
          fc.constant({ type: 'offer', sdp: 'x'.repeat(MAX_SDP_LENGTH + 1) }),
        ),
      },
      { requiredKeys: ['to', 'nonce', 'signal'] },
    ),
    fc.record(
      {
        name: fc.string(),
        locked: fc.boolean(),
        capacity: fc.integer(),
        plugged: fc.boolean(),
        godView: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    fc.record({ id }),
    order,
  );
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const argument = fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 1, arbitrary: bytes },
    { weight: 1, arbitrary: fc.record({ sdp: bytes, __proto__: fc.constant(null) }) },
    { weight: 1, arbitrary: fc.nat(20_000).map((length) => 'é'.repeat(length)) },
    { weight: 3, arbitrary: fc.constant(REPLY) },
  );
  const event = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constantFrom(
        'enter',
        'signal',
        'signal',
        'present',
        'settings',
        'remove',
        'network',
        'act',
        'end',
        'leave',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('error', '__proto__', 'hasOwnProperty', '', '\u0000', 'member'),
    },
  );
  const anything = fc
    .tuple(event, fc.array(argument, { maxLength: 3 }))
    .map(([name, args]): [string, ...unknown[]] => [name, ...args]);
  // What is laid upon a network has so many fields that chance alone would rarely come near it.
  const nearMiss = fc
    .tuple(fc.constantFrom('network', 'act'), order)
    .map(([name, each]): [string, ...unknown[]] => [name, each, REPLY]);
  return fc.oneof({ weight: 9, arbitrary: anything }, { weight: 1, arbitrary: nearMiss });
}
/** Stands for a callback, which a generator cannot print. */
export const REPLY = '(reply)';

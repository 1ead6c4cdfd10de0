import { Counters } from '../trace/metrics.ts';
import { MAX_PROTOCOL_VERSION, PROTOCOL_NAME_PATTERN } from '../wire/frame.ts';
import type { Lane } from '../wire/lane.ts';
import { checkOf, type Check } from '../wire/schema-check.ts';
import type { Protocol, ProtocolDefinition } from './protocol.ts';

/** A protocol as its node keeps it: of any message type, with its counters. */
export interface Hosted {
  readonly name: string;
  readonly version: number;
  readonly lane: Lane;
  /** Of an arriving message, against the protocol's schema. */
  readonly check: Check;
  readonly protocol: Protocol<unknown>;
  readonly counters: Counters;
}

/** A definition that would not fit into a frame's header is a bug of its author's. */
export function assertDefinition(definition: { name: string; version: number }): void {
  const { name, version } = definition;
  if (!PROTOCOL_NAME_PATTERN.test(name)) {
    throw new Error(`'${name}' is no protocol name: it must match ${PROTOCOL_NAME_PATTERN}`);
  }
  if (!Number.isInteger(version) || version < 1 || version > MAX_PROTOCOL_VERSION) {
    throw new Error(`${name}: version ${version} is not 1 to ${MAX_PROTOCOL_VERSION}`);
  }
}

/**
 * The type of its messages ends here: the inbox hands a protocol only what its own schema passed,
 * so `unknown` is safe where `Message` is asked for.
 */
export function hostedOf<Message, P extends Protocol<Message>>(
  definition: ProtocolDefinition<Message, P>,
  protocol: P,
): Hosted {
  const { name, version, lane, schema } = definition;
  return {
    name,
    version,
    lane,
    check: checkOf(schema),
    protocol: protocol as Protocol<unknown>,
    counters: new Counters(),
  };
}

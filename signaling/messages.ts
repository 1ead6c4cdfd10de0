import * as v from 'valibot';
import {
  enterSchema,
  presentSchema,
  removeSchema,
  settingsSchema,
} from '../src/wire/signaling-messages.ts';
import { cut, refuse, type AnyReply, type Desk } from './desk.ts';
import { COSTS } from './limits.ts';
import { enter, leave, present } from './reception.ts';
import { readRelay, relay, signalCost } from './relay.ts';
import { end, remove, settings } from './teaching.ts';
import type { TabSocket } from './visitor.ts';

/**
 * Reads the arguments of one event and acts on them; false if they are not what the event takes. Only
 * the last argument can be a reply, so a reply in its place says that nothing follows.
 */
type Reader = (desk: Desk, socket: TabSocket, args: readonly unknown[]) => boolean;

/** Every event but `signal`, which has a path of its own. A Map, because names come from outside. */
const readers = new Map<unknown, Reader>([
  ['enter', withPayload(enterSchema, enter)],
  ['present', withPayload(presentSchema, present)],
  ['settings', withPayload(settingsSchema, settings)],
  ['remove', withPayload(removeSchema, remove)],
  [
    'end',
    (desk, socket, args) => {
      const [reply] = args;
      if (!isReply(reply)) return false;
      void end(desk, socket, undefined, reply);
      return true;
    },
  ],
  [
    'leave',
    (desk, socket, args) => {
      if (args.length > 0) return false;
      leave(desk, socket);
      return true;
    },
  ],
]);

function withPayload<Payload>(
  schema: v.GenericSchema<unknown, Payload>,
  act: (desk: Desk, socket: TabSocket, payload: Payload, reply: AnyReply) => void | Promise<void>,
): Reader {
  return (desk, socket, args) => {
    const [payload, reply] = args;
    if (!isReply(reply)) return false;
    const result = v.safeParse(schema, payload, { abortEarly: true });
    if (result.success) void act(desk, socket, result.output, reply);
    return result.success;
  };
}

function isReply(value: unknown): value is AnyReply {
  return typeof value === 'function';
}

/** Whatever a socket sends comes through here, whatever it is called and whatever is in it. */
export function receive(
  desk: Desk,
  socket: TabSocket,
  event: unknown,
  args: readonly unknown[],
): void {
  // What had arrived in one piece with the message that cost it its connection.
  if (!socket.connected) return;
  desk.tally.messages++;
  if (event === 'signal' && args.length === 1) {
    const read = readRelay(args[0]);
    const isBad = typeof read === 'string';
    if (!pay(desk, socket, isBad ? COSTS.bad : signalCost(read.signal))) return;
    if (isBad) refuse(desk, socket, read);
    else relay(desk, socket, read);
    return;
  }
  const last = args.at(-1);
  const reply = isReply(last) ? last : undefined;
  const reader = readers.get(event);
  if (!pay(desk, socket, reader ? COSTS.told : COSTS.bad, reply)) return;
  if (!reader?.(desk, socket, args)) refuse(desk, socket, 'bad-message', reply);
}

/** Who sends too fast is refused; who does not stop then is cut off. */
function pay(desk: Desk, socket: TabSocket, cost: number, reply?: AnyReply): boolean {
  const outcome = socket.data.tokens.charge(cost, desk.clock());
  if (outcome === 'granted') return true;
  refuse(desk, socket, 'too-fast', reply);
  if (outcome === 'abused') {
    desk.tally.abusersCut++;
    cut(socket);
  }
  return false;
}

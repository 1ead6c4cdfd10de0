import * as v from 'valibot';
import { networkChangeSchema } from '../src/network/network-document.ts';
import { registerChoicesSchema } from '../src/network/register-choices.ts';
import { nodeActSchema } from '../src/network/node-condition.ts';
import { refusalOf } from '../src/network/what-is-wrong.ts';
import type { RefusalCode } from '../src/wire/refusals.ts';
import {
  enterSchema,
  presentSchema,
  removeSchema,
  settingsSchema,
} from '../src/wire/signaling-messages.ts';
import { cut, refuse, type AnyReply, type Desk } from './desk.ts';
import { COSTS, RULES_UNIT } from './limits.ts';
import { enter, leave, present } from './reception.ts';
import { readRelay, relay, signalCost } from './relay.ts';
import { act, end, network, remove, settings } from './teaching.ts';
import type { TabSocket } from './visitor.ts';

/**
 * Reads the arguments of one event and acts on them, or says what is wrong with them. Only the last
 * argument can be a reply, so a reply in its place says that nothing follows.
 */
type Reader = (desk: Desk, socket: TabSocket, args: readonly unknown[]) => Wrong | undefined;

interface Wrong {
  readonly code: RefusalCode;
  readonly message?: string;
}
const NO_MESSAGE: Wrong = { code: 'bad-message' };

/** With what a room chooses for its registers, which tabs check only when they need it. */
const checkedChangeSchema = v.pipe(
  networkChangeSchema,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || !('choices' in dataset.value)) return;
    const { registers } = dataset.value.choices;
    if (registers === undefined || registers === null) return;
    const result = v.safeParse(registerChoicesSchema, registers, { abortEarly: true });
    if (!result.success) addIssue({ message: result.issues[0].message });
  }),
);

/** Every event but `signal`, which has a path of its own. A Map, because names come from outside. */
const readers = new Map<unknown, Reader>([
  ['enter', withPayload(enterSchema, enter)],
  ['present', withPayload(presentSchema, present)],
  ['settings', withPayload(settingsSchema, settings)],
  ['remove', withPayload(removeSchema, remove)],
  ['network', withPayload(checkedChangeSchema, network, wrongWithOrder)],
  ['act', withPayload(nodeActSchema, act, wrongWithOrder)],
  [
    'end',
    (desk, socket, args) => {
      const [reply] = args;
      if (!isReply(reply)) return NO_MESSAGE;
      void end(desk, socket, undefined, reply);
      return undefined;
    },
  ],
  [
    'leave',
    (desk, socket, args) => {
      if (args.length > 0) return NO_MESSAGE;
      leave(desk, socket);
      return undefined;
    },
  ],
]);

function withPayload<Payload>(
  schema: v.GenericSchema<unknown, Payload>,
  act: (desk: Desk, socket: TabSocket, payload: Payload, reply: AnyReply) => void | Promise<void>,
  wrong: (issue: v.BaseIssue<unknown>) => Wrong = () => NO_MESSAGE,
): Reader {
  return (desk, socket, args) => {
    const [payload, reply] = args;
    if (!isReply(reply)) return NO_MESSAGE;
    const result = v.safeParse(schema, payload, { abortEarly: true });
    if (!result.success) return wrong(result.issues[0]);
    void act(desk, socket, result.output, reply);
    return undefined;
  };
}

/** A teacher is told which field of what they laid upon the network cannot be. */
function wrongWithOrder(issue: v.BaseIssue<unknown>): Wrong {
  return issue.type === 'variant' ? NO_MESSAGE : refusalOf(issue);
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
  if (!pay(desk, socket, reader ? COSTS.told * sizeOf(socket, event, args) : COSTS.bad, reply))
    return;
  const wrong = reader ? reader(desk, socket, args) : NO_MESSAGE;
  if (wrong) refuse(desk, socket, wrong.code, reply, wrong.message);
}

/** A document of thousands of rules goes to everyone whole: it costs as much as several messages. */
function sizeOf(socket: TabSocket, event: unknown, [change]: readonly unknown[]): number {
  if (event !== 'network') return 1;
  const there = socket.data.place?.room.network.newest.rules.length ?? 0;
  const { rules } = (change ?? {}) as { readonly rules?: unknown };
  return 1 + Math.floor((there + (Array.isArray(rules) ? rules.length : 0)) / RULES_UNIT);
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

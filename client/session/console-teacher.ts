import type { LinkRule } from '../../src/network/link-rule.ts';
import { majorityVerdicts, type Beliefs } from '../../src/membership/majority.ts';
import type { NetworkChange } from '../../src/network/network-document.ts';
import type { SomeChoices } from '../../src/network/room-choices.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Refusal } from '../../src/wire/signaling-messages.ts';
import { nodeOrders, type NodeFields } from './node-orders.ts';
import type { Observer } from './observer.ts';

/** How many events `trace` gives when it is not told. */
const TRACE_LIMIT = 1_000;

type Partition = Extract<NetworkChange, { do: 'partition' }>;

/**
 * `window.netsplit` on the teacher's page. What changes something answers a promise of the version
 * that the network's document has then; a refusal rejects it with an error that begins with its name.
 */
function consoleOf(observer: Observer) {
  const { attendance } = observer;

  async function agreed(refusal: Promise<Refusal | null>): Promise<{ version: number }> {
    const said = await refusal;
    if (said) throw new Error(`${said.code}: ${said.message}`);
    return { version: attendance.document.version };
  }

  return {
    self: () => ({
      id: attendance.self?.id ?? null,
      name: attendance.self?.name ?? null,
      room: attendance.roomInfo?.code ?? null,
      incarnation: attendance.self?.incarnation ?? null,
      state: attendance.phase.at === 'inside' ? 'joined' : 'joining',
    }),
    /** Events of all nodes that are linked to this page, in the order in which they came. */
    trace: ({ since = 0, limit = TRACE_LIMIT }: { since?: number; limit?: number } = {}) =>
      observer.watching.recent.since(since, limit).events,
    /** Counters by protocol, of all nodes together, as far as they were told. */
    metrics: () => observer.watching.chronicle.traffic.all(),
    teacher: {
      links: (rules: readonly LinkRule[]) =>
        agreed(observer.changeNetwork({ do: 'links', rules: rules as LinkRule[] })),
      partition: (
        groups: readonly (readonly NodeId[])[],
        { style = 'cut' }: { style?: Partition['style'] } = {},
      ) => agreed(observer.changeNetwork({ do: 'partition', groups: groups as NodeId[][], style })),
      heal: () => agreed(observer.changeNetwork({ do: 'heal' })),
      /** By which protocols the room works; what is left out stays as it was. */
      choose: (choices: SomeChoices) => agreed(observer.changeNetwork({ do: 'choose', choices })),
      /** One thing after the other, up to the first that is refused. */
      node: async (id: NodeId, fields: NodeFields) => {
        const orders = nodeOrders(id, fields);
        if ('code' in orders) return agreed(Promise.resolve(orders));
        for (const order of orders)
          await agreed(
            'act' in order
              ? observer.act(order.act)
              : observer.changeNetwork({ do: 'node', condition: order.condition }),
          );
        return { version: attendance.document.version };
      },
      /** The roster, the links as their ends report them, who believes what, and what is laid upon them. */
      observe: () => {
        const nodes = observer.nodes();
        const links = observer.links(nodes);
        return { ...attendance.document, nodes, links, ...believed(observer.beliefs(nodes)) };
      },
      /** Who holds whom for what, and what more than half of them hold. */
      believes: () => believed(observer.beliefs(observer.nodes())),
      /** How much of what happened was told to this page, by node. */
      told: () => Object.fromEntries(observer.watching.chronicle.accounts()),
      recording: () => observer.recording?.view() ?? null,
      /** Saves the recording as a file. Answers null, or why not. */
      exportRecording: () => observer.exportRecording(),
    },
  };
}

/** As JSON has it: by who believes, then of whom. */
function believed(beliefs: Beliefs) {
  return {
    beliefs: Object.fromEntries([...beliefs].map(([by, held]) => [by, Object.fromEntries(held)])),
    majority: majorityVerdicts(beliefs),
  };
}

export type TeacherConsole = ReturnType<typeof consoleOf>;

export function openTeacherConsole(observer: Observer): void {
  // Assigned by name: on a student's page it is another object, and its type says so.
  Object.assign(window, { netsplit: consoleOf(observer) });
}

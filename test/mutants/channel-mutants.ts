import type * as channels from '../../src/channels/channels.ts';
import type * as incoming from '../../src/channels/incoming.ts';
import type { ChannelsMessage } from '../../src/channels/messages.ts';
import type * as outgoing from '../../src/channels/outgoing.ts';
import type { Host } from '../../src/runtime/host.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { wordsOnChannels } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** Bugs of what other people's software hears over the mesh. */
export const CHANNEL_MUTANTS: readonly Mutant[] = [
  /** A part that was lost is lost. */
  mutant<typeof outgoing>(
    {
      name: 'channels-repeat-nothing',
      module: 'channels/outgoing.ts',
      caughtBy: wordsOnChannels,
      withFaultsOff: 'missed',
    },
    ({ Outgoing }) => ({
      Outgoing: class extends Outgoing {
        override due(now: number) {
          const sendings = super.due(now);
          this.resendAt = Infinity;
          return sendings;
        }

        override heard(got: Parameters<outgoing.Outgoing['heard']>[0], now: number) {
          super.heard({ ...got, held: 0 }, now);
          this.resendAt = Infinity;
        }
      },
    }),
  ),

  /** A short message that comes again is heard again. */
  mutant<typeof incoming>(
    {
      name: 'channels-hear-twice',
      module: 'channels/incoming.ts',
      caughtBy: wordsOnChannels,
      withFaultsOff: 'missed',
    },
    ({ Incoming }) => ({
      Incoming: class extends Incoming {
        override take(part: Parameters<incoming.Incoming['take']>[0]) {
          const isKnown = part.number <= this.got.upTo;
          const whole = super.take(part);
          return isKnown && part.last ? [part.bytes] : whole;
        }
      },
    }),
  ),

  /** Whatever comes on a channel is taken for something of the present meeting. */
  mutant<typeof channels>(
    {
      name: 'channels-mix-up-meetings',
      module: 'channels/channels.ts',
      caughtBy: wordsOnChannels,
      withFaultsOff: 'missed',
    },
    (original) => {
      class Mixing extends original.Channels {
        private readonly mine: Openings;
        private readonly theirs: Openings = new Map();

        constructor(host: Host<ChannelsMessage>) {
          const mine: Openings = new Map();
          const send = (to: NodeId, message: ChannelsMessage) => {
            note(mine, to, message);
            host.send(to, message);
          };
          super(Object.create(host, { send: { value: send } }) as typeof host);
          this.mine = mine;
        }

        override receive(from: NodeId, message: ChannelsMessage): void {
          note(this.theirs, from, message);
          if (message.type === 'here') return super.receive(from, message);
          const key = `${from} ${message.channel}`;
          const ends = { from: this.theirs.get(key)!, to: this.mine.get(key)! };
          super.receive(from, { ...message, ...ends });
        }
      }
      return { channels: { ...original.channels, create: (host) => new Mixing(host) } };
    },
  ),
];

/** By who is told and which channel: the number that was told last. */
type Openings = Map<string, number>;

function note(openings: Openings, peer: NodeId, message: ChannelsMessage): void {
  if (message.type !== 'here') return;
  for (const { name, opening } of message.channels) openings.set(`${peer} ${name}`, opening);
}

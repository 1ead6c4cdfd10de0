/**
 * What the section `gossip` asks of a tab, ours or the baseline's: write an entry, and tell when
 * entries arrived. Times are true milliseconds since 1970, all of one machine.
 */
export interface WritingTab {
  /** How many others it has an open data channel to. */
  links(): number;

  /** @returns when it was written */
  write(key: string, value: string): number;

  /** Each entry that has come so far, its own too, noted as it came. */
  arrivals(): readonly Arrival[];

  /** Messages so far of what carries entries, as against what only keeps the tabs together. */
  newsSent(): number;
}

export interface Arrival {
  readonly key: string;
  readonly at: number;
}

declare global {
  interface Window {
    writingTab?: WritingTab;
    /** Everything that was given to a data channel of this page, counted by its first byte. */
    channelMessages?: number[];
  }
}

/** Runs in each page before its own code. */
export function countChannelMessages(): void {
  const counts = Array<number>(256).fill(0);
  window.channelMessages = counts;
  const send = RTCDataChannel.prototype.send as (this: RTCDataChannel, data: unknown) => void;
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
    if (!ArrayBuffer.isView(data)) throw new Error('neither side sends anything else');
    const first = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)[0] ?? 0;
    counts[first] = counts[first]! + 1;
    send.call(this, data);
  };
}

/** Runs in our page before its own code: a writing tab over the console that every student has. */
export function writeThroughConsole(): void {
  window.writingTab = {
    links: () => window.netsplit?.peers().filter(({ link }) => link === 'open').length ?? 0,
    write: (key, value) => window.netsplit!.broadcast({ key, value }).sentAt,
    arrivals: () =>
      window.netsplit!.delivered().map(({ payload, receivedAt }) => ({
        key: (payload as { key: string }).key,
        at: receivedAt,
      })),
    newsSent: () => {
      const { gossip, flood } = window.netsplit!.metrics();
      return (gossip ?? flood)!.messagesSent;
    },
  };
}

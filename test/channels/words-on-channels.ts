import { PART_BYTES } from '../../src/channels/messages.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { channelsCluster, type Heard } from './channels-cluster.ts';

const MEETINGS = 6;
const WORDS = 8;

/** Every third takes more than one part. */
const LONG_BYTES = PART_BYTES + 1_000;

const TROUBLE: Omit<LinkRule, 'from' | 'to'> = {
  ...{ latencyMs: 60, loss: 0.2, duplicate: 0.3, reorder: 0.4, reorderMs: 300 },
};

/** On a link without faults all has come by then. */
const LEAVES_AFTER_MS = 20;

/** By then each knows that the other has come again, whatever was lost of it. */
const SETTLED_MS = 8_000;

/** Longer than the longest silence, a few times over. */
const LAST_MS = 60_000;

/**
 * Somebody speaks at one meeting after the other. All but the last are left in the middle of it, now by
 * the one and now by the other, who comes again at once.
 */
export class WordsOnChannels {
  private readonly class: ReturnType<typeof channelsCluster>;
  private readonly faults: boolean;

  constructor(seed: number, faults: boolean) {
    this.class = channelsCluster(2, { seed });
    this.faults = faults;
  }

  /** Was anything heard twice, torn, out of order, of another meeting, or in the last one not at all? */
  isBroken(): boolean {
    const { cluster, open, rules, pass } = this.class;
    const { id } = cluster.members[1]!;
    cluster.linkAll();
    rules(this.faults ? TROUBLE : {});
    let [speaker, listener] = [open(0), open(1)];
    const ears = [listener.heard];
    for (let meeting = 0; meeting < MEETINGS; meeting++) {
      do pass(SETTLED_MS);
      while (speaker.peers().length === 0 || listener.peers().length === 0);
      // Nobody has said anything at this one yet.
      if (meetingsOf(listener.heard).at(-1)!.length > 0) return true;
      for (let word = 0; word < WORDS; word++) speaker.channel.send(id, said(meeting, word));
      if (meeting === MEETINGS - 1) break;
      pass(LEAVES_AFTER_MS);
      (meeting % 2 === 0 ? speaker : listener).channel.close();
      if (meeting % 2 === 0) speaker = open(0);
      else ears.push((listener = open(1)).heard);
    }
    pass(LAST_MS);
    const meetings = ears.flatMap(meetingsOf);
    return !meetings.every(isInOrder) || meetings.at(-1)?.length !== WORDS;
  }
}

function said(meeting: number, word: number): Uint8Array {
  const text = `${meeting} ${word}`;
  return new TextEncoder().encode(word % 3 === 0 ? text.padEnd(LONG_BYTES) : text);
}

/** What was heard at each, one after the other. */
function meetingsOf(heard: readonly Heard[]): string[][] {
  const meetings: string[][] = [];
  for (const { what } of heard) {
    if (what === 'up') meetings.push([]);
    else if (what !== 'down') meetings.at(-1)!.push(new TextDecoder().decode(what).trimEnd());
  }
  return meetings;
}

function isInOrder(words: readonly string[]): boolean {
  const meeting = words[0]?.split(' ')[0];
  return words.every((each, n) => each === `${meeting} ${n}`);
}

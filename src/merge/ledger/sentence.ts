import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Deed, Intent } from '../intent.ts';
import type { LedgerEntry } from './ledger.ts';

/** More of a text is not needed to know which it is. */
const MAX_QUOTED_LENGTH = 40;

/** No two clocks of a class agree to less. */
const WORTH_TELLING_MS: Milliseconds = 500;

const SECONDS_A_DAY = 86_400;

/**
 * What has become of an edit, for a student.
 *
 * @param timeOf how a time of day is written here; left out, in UTC
 */
export function sentence(
  entry: LedgerEntry,
  nameOf: (node: NodeId) => string,
  timeOf: (wall: Milliseconds) => string = utcTime,
): string {
  const told = { entry, nameOf, timeOf };
  return `${whatBecame(told)}${clocks(told)}`;
}

interface Telling {
  readonly entry: LedgerEntry;
  readonly nameOf: (node: NodeId) => string;
  readonly timeOf: (wall: Milliseconds) => string;
}

function whatBecame(told: Telling): string {
  const { entry, nameOf } = told;
  const { intent, fate, by, shown } = entry;
  const it = editOf(intent, told);
  const author = nameOf(intent.author.node);
  switch (fate) {
    case 'visible':
      return `${it} ${isTaking(intent.deed) ? 'holds' : 'is on the board'}.`;
    case 'doubled':
      return `${it} is on the board twice: two people changed the same thing, neither had seen the other's change, and both copies were kept.`;
    case 'resurrected':
      return by === null
        ? `${it} was undone: what it took away is back.`
        : `${it} was undone: what it took away is back with ${editOf(by, told)}, which had not seen it.`;
    case 'superseded':
      return `${editOf(by!, told)} replaced ${it}, which ${nameOf(by!.author.node)} had seen.`;
    case 'lost':
      if (by === null) return `${it} is gone, and nobody took it away on purpose.`;
      return shown
        ? `${editOf(by, told)} erased ${it}, which ${nameOf(by.author.node)} had not seen.`
        : `${it} never showed: ${editOf(by, told)} counts as later, though ${author} had seen it and wrote after it.`;
  }
}

/** 'Heron's "blue" of 10:02:07'. */
function editOf({ author, deed, wall }: Intent, { nameOf, timeOf }: Telling): string {
  return `${nameOf(author.node)}'s ${thing(deed)} of ${timeOf(wall)}`;
}

function thing(deed: Deed): string {
  switch (deed.do) {
    case 'set':
      return typeof deed.value === 'string' ? quoted(deed.value) : String(deed.value);
    case 'increment':
      return deed.by < 0 ? `−${-deed.by}` : `+${deed.by}`;
    case 'add':
    case 'insert':
      return quoted(deed.item);
    case 'type':
      return quoted(deed.text);
    case 'remove':
      return `removal of ${quoted(deed.item)}`;
    case 'erase':
      return deed.count === 1 ? 'deletion of a letter' : `deletion of ${deed.count} letters`;
    case 'drop':
      return `removal of line ${deed.position + 1}`;
    case 'move':
      return `move of line ${deed.from + 1} to ${deed.to + 1}`;
  }
}

function isTaking(deed: Deed): boolean {
  return deed.do === 'remove' || deed.do === 'erase' || deed.do === 'drop';
}

function quoted(text: string): string {
  const letters = Array.from(text);
  const isLong = letters.length > MAX_QUOTED_LENGTH;
  return `"${letters.slice(0, MAX_QUOTED_LENGTH).join('')}${isLong ? '…' : ''}"`;
}

/** Where a clock decided, how wrong it was. */
function clocks({ entry, nameOf }: Telling): string {
  const { fate, by, intent, clockOffMs, byClockOffMs } = entry;
  if (fate !== 'lost' || by === null) return '';
  return [
    clock(nameOf(by.author.node), byClockOffMs),
    clock(nameOf(intent.author.node), clockOffMs),
  ]
    .filter((text) => text !== '')
    .map((text) => ` ${text}`)
    .join('');
}

function clock(name: string, offMs: Milliseconds | null): string {
  if (offMs === null || Math.abs(offMs) < WORTH_TELLING_MS) return '';
  const seconds = (Math.abs(offMs) / 1_000).toFixed(1);
  return `${name}'s clock was ${seconds} s ${offMs > 0 ? 'ahead' : 'behind'}.`;
}

function utcTime(wall: Milliseconds): string {
  const second = ((Math.floor(wall / 1_000) % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
  const parts = [Math.floor(second / 3_600), Math.floor(second / 60) % 60, second % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

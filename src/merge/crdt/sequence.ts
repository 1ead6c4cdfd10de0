import type { NodeId } from '../../vocabulary.ts';
import type { Dot } from '../dot.ts';
import { keyOf, type Replica, type ReplicaKey } from '../intent.ts';
import { Authored } from './authored.ts';
import { RunList } from './run-list.ts';
import {
  appendRange,
  compareIds,
  endOf,
  firstOf,
  isOneRun,
  lastOf,
  newRun,
  type ElementId,
  type ElementRange,
  type Run,
  type Sliceable,
} from './run.ts';

/** The root's, which nobody put in: below all others. */
const NOBODYS: ElementId = { author: { node: '' as NodeId, life: 0 }, clock: 0 };

/** Where a new element hangs in the tree. No parent: on the root, which has right children only. */
export interface Place {
  readonly parent: ElementId | null;
  readonly side: 'left' | 'right';
}

/** An element, and who put it in: the operation's number, and its how manieth element this is. */
export interface Origin extends Dot {
  readonly index: number;
}

/**
 * Fugue (Weidner and Kleppmann, 2023): the elements are the nodes of a tree, and the sequence is the
 * tree read from left to right: left children, the element, right children. Who puts something in
 * after an element hangs it there as a right child if it has none, and else, as a left child, on the
 * one that follows. Children of the same side stand in the order of their ids.
 *
 * So what is typed forward hangs as a chain from its first letter, what is typed backward too, and
 * whatever is typed there at the same time stands before or after all of it, but never within.
 *
 * Nothing leaves the tree, because others may hang on it; what is erased is hidden. Elements that
 * were put in one after the other are kept together as one run (`run.ts`), which changes no order.
 *
 * Changes come in causal order, once or more often.
 */
export class Sequence<Content extends Sliceable<Content>> {
  private readonly root: Run<Content>;
  private readonly runs: RunList<Content>;
  private readonly authors = new Map<ReplicaKey, Authored<Content>>();

  /** @param nothing the empty content */
  constructor(nothing: Content) {
    this.root = newRun(NOBODYS, nothing, false);
    this.runs = new RunList(this.root);
  }

  /** How many elements people see. */
  get length(): number {
    return this.runs.visible;
  }

  /** Where that hangs which is put in before what people see at `position`. Beyond the end is the end. */
  placeAt(position: number): Place {
    const before = position === 0 ? null : this.runs.at(Math.min(position, this.length) - 1);
    const { run, offset } = before ?? { run: this.root, offset: 0 };
    const { author, clock } = run;
    if (offset < run.content.length - 1) {
      return { parent: { author, clock: clock + offset + 1 }, side: 'left' };
    }
    if (run.rights.length > 0) return { parent: idOf(run.next!), side: 'left' };
    return { parent: run === this.root ? null : { author, clock: clock + offset }, side: 'right' };
  }

  /** What people see from `position` on, `count` elements or as many as there are. */
  rangesAt(position: number, count: number): readonly ElementRange[] {
    const ranges: ElementRange[] = [];
    const found = this.runs.at(position);
    let offset = found?.offset ?? 0;
    let rest = count;
    for (let run = found?.run ?? null; run !== null && rest > 0; run = run.next) {
      if (!run.isVisible) continue;
      const length = Math.min(rest, run.content.length - offset);
      appendRange(ranges, { author: run.author, clock: run.clock + offset, length });
      rest -= length;
      offset = 0;
    }
    return ranges;
  }

  /** The one that people see there; null beyond the end. */
  at(position: number): Content | null {
    const found = this.runs.at(position);
    return found && found.run.content.slice(found.offset, found.offset + 1);
  }

  /**
   * Puts elements in, each the right child of the one before it. Answers the id of the first; null,
   * and nothing changes, if they have been put in before or there is no such place.
   */
  insert(dot: Dot, place: Place, content: Content, isVisible = true): ElementId | null {
    const { author, number } = dot;
    const authored = this.authoredBy(author);
    if (number <= authored.newest) return null;
    const parent = this.parentAt(place);
    if (parent === null) return null;
    const run = newRun({ author, clock: authored.length }, content, isVisible);
    const siblings = place.side === 'right' ? parent.rights : parent.lefts;
    let at = siblings.length;
    while (at > 0 && compareIds(siblings[at - 1]!, run) > 0) at -= 1;
    this.runs.insertAfter(this.predecessor(parent, place, at), run);
    siblings.splice(at, 0, run);
    authored.note(number, run);
    this.join(parent, run);
    return idOf(run);
  }

  /** Hides elements, or shows them again. Those that are not there are passed over. */
  show({ author, clock, length }: ElementRange, isVisible: boolean): void {
    const authored = this.authors.get(keyOf(author));
    const end = clock + length;
    let run = authored?.find(clock) ?? null;
    while (run !== null && run.clock < end) {
      const next = endOf(run);
      if (run.isVisible !== isVisible) {
        const part = this.cut(run, Math.max(run.clock, clock));
        this.cut(part, Math.min(next, end));
        this.runs.recounted(part, () => (part.isVisible = isVisible));
        const joined = this.join(part.previous!, part);
        if (joined.next !== null) this.join(joined, joined.next);
      }
      run = authored!.find(next);
    }
  }

  /** What people see, in pieces. */
  *visible(): Generator<Content> {
    for (const { isVisible, content } of this.runs) if (isVisible) yield content;
  }

  /** Who put in what people see, element by element. */
  *origins(): Generator<Origin> {
    for (const run of this.runs) {
      if (!run.isVisible) continue;
      for (let clock = run.clock; clock < endOf(run); clock++) {
        yield this.originOf({ author: run.author, clock });
      }
    }
  }

  /** @param id of an element that is in the sequence */
  originOf({ author, clock }: ElementId): Origin {
    return { author, ...this.authors.get(keyOf(author))!.originOf(clock) };
  }

  /** How many nodes the tree has: what it costs to keep it. */
  get nodes(): number {
    return Array.from(this.runs).length;
  }

  /** The run on whose outermost element, at that side, new ones hang; null if there is no such element. */
  private parentAt({ parent, side }: Place): Run<Content> | null {
    if (parent === null) return side === 'right' ? this.root : null;
    const run = this.authors.get(keyOf(parent.author))?.find(parent.clock) ?? null;
    if (run === null) return null;
    if (side === 'left') return this.cut(run, parent.clock);
    this.cut(run, parent.clock + 1);
    return run;
  }

  /** What stands just before the new child that is to be the `at`th of its side. */
  private predecessor(parent: Run<Content>, { side }: Place, at: number): Run<Content> {
    const siblings = side === 'right' ? parent.rights : parent.lefts;
    if (at > 0) return lastOf(siblings[at - 1]!);
    return side === 'right' ? parent : firstOf(parent).previous!;
  }

  /** Makes that element the first of its run. Answers the run; nothing is cut at either end. */
  private cut(run: Run<Content>, clock: number): Run<Content> {
    const { author, content, isVisible } = run;
    const offset = clock - run.clock;
    if (offset === 0 || offset === content.length) return run;
    const second = newRun({ author, clock }, content.slice(offset), isVisible);
    second.rights = run.rights;
    run.rights = [second];
    this.runs.recounted(run, () => (run.content = content.slice(0, offset)));
    this.runs.insertAfter(run, second);
    this.authoredBy(author).addCut(second);
    return second;
  }

  /** Makes one run of two neighbours if they are one. Answers what holds the second. */
  private join(first: Run<Content>, second: Run<Content>): Run<Content> {
    if (!isOneRun(first, second)) return second;
    this.runs.remove(second);
    this.authoredBy(second.author).forget(second);
    first.rights = second.rights;
    this.runs.recounted(first, () => (first.content = first.content.concat(second.content)));
    return first;
  }

  private authoredBy(author: Replica): Authored<Content> {
    const key = keyOf(author);
    let authored = this.authors.get(key);
    if (authored === undefined) this.authors.set(key, (authored = new Authored()));
    return authored;
  }
}

function idOf({ author, clock }: ElementId): ElementId {
  return { author, clock };
}

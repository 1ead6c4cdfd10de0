import { firstIndex } from '../../../src/trace/by-time.ts';
import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { Cone } from '../../../src/trace/cone.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Flight } from '../../../src/trace/flights.ts';
import type { ReceiveEvent, SendEvent } from '../../../src/trace/messages.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import type { Layout } from './layout.ts';
import type { Lifelines } from './lifelines.ts';
import {
  levelOfMessage,
  thinningLevel,
  weightOf,
  weightOfMessage,
  type Pairs,
} from './messages-drawn.ts';
import { Looks } from './looks.ts';
import type { DrawnRow, Picture, Way } from './picture.ts';
import { stepFor, ticksBetween } from './ticks.ts';
import type { TimeAxis } from './time-axis.ts';

/** Of what, and how. */
export interface Window {
  readonly chronicle: Chronicle;
  readonly lifelines: Lifelines;
  readonly pairs: Pairs;
  /** The rows, from the top. */
  readonly nodes: readonly NodeId[];
  readonly axis: TimeAxis;
  readonly layout: Layout;
  readonly shows: (event: TraceEvent) => boolean;
  /** Where time stands: what was sent long before it and has not arrived is lost. */
  readonly now: Milliseconds;
  /** The moment that ticks are counted from; there are none before it. */
  readonly origin: Milliseconds;
  /** Of the selected event. */
  readonly cone: Cone | null;
  readonly path: readonly TraceEvent[];
  readonly selected: readonly TraceEvent[];
}

/** A message that arrives after the window is drawn if it does so within this time: a slow link's. */
const LOOK_AHEAD_MS: Milliseconds = 5_000;

/** The longest that a flight is waited for: a full queue before the slowest line. */
const LONGEST_WAIT_MS: Milliseconds = 200_000;

/** A lost message goes so far: this share of the way down, and so many pixels to the right. */
const LOST_SHARE = 0.45;
const LOST_PX = 16;

/** A copy that comes with the first one would lie upon it. */
const COPY_PX = 3;

const TICK_PX = 90;

/** Looks only at what is in the window and shortly after: O(events in it + nodes × log events). */
export function drawWindow(window: Window): Picture {
  const { axis, layout, nodes, chronicle, path, selected } = window;
  const [from, to] = [axis.timeAt(layout.left), axis.timeAt(layout.right)];
  const looks = new Looks();
  const rowOf = new Map(nodes.map((node, row) => [node, row]));
  const messages = new MessageLines(window, looks, rowOf, from, to);
  nodes.forEach((node, row) => {
    const y = layout.yOf(row);
    const events = chronicle.causality.eventsOf(node);
    for (let i = firstIndex(events.length, (k) => events[k]!.at >= from); i < events.length; i++) {
      const event = events[i]!;
      if (event.at > to + LOOK_AHEAD_MS) break;
      if (!window.shows(event)) continue;
      if (event.type === 'receive') messages.receive(event, row);
      if (event.at > to) continue;
      if (event.type === 'send') messages.send(event, row);
      looks.marks(event, weightOf(event, window.cone)).push(axis.xOf(event.at), y);
    }
  });
  const drawn = messages.draw();
  const placeOf = (event: TraceEvent) => ({
    x: axis.xOf(event.at),
    y: layout.yOf(rowOf.get(event.node) ?? 0),
  });
  const seen = (event: TraceEvent) => rowOf.has(event.node);
  const nowX = axis.xOf(window.now);
  return {
    rows: nodes.map((node, row) => rowOfNode(window, node, row, from, to)),
    lines: looks.allLines(),
    marks: looks.allMarks(),
    orders: ordersOf(window, from, to),
    folds: axis.foldsBetween(layout.left, layout.right).map((fold) => ({
      x: axis.xOf((fold.from + fold.to) / 2),
      ms: fold.to - fold.from,
    })),
    ticks: ticksOf(window, from, to),
    path: path.filter(seen).map(placeOf),
    selected: selected.filter(seen).map(placeOf),
    nowX: nowX >= layout.left && nowX < layout.right - 1 ? nowX : null,
    messages: messages.count,
    drawn,
  };
}

/** All messages of a window, of which some are then drawn. */
class MessageLines {
  private readonly window: Window;
  private readonly looks: Looks;
  private readonly rowOf: ReadonlyMap<NodeId, number>;
  private readonly to: Milliseconds;
  private readonly lost: ReadonlySet<Flight>;
  private readonly sends: SendEvent[] = [];
  private readonly receipts: (ReceiveEvent | null)[] = [];
  private readonly fromRows: number[] = [];
  private readonly toRows: number[] = [];
  private readonly levels: number[] = [];

  constructor(
    window: Window,
    looks: Looks,
    rowOf: ReadonlyMap<NodeId, number>,
    from: Milliseconds,
    to: Milliseconds,
  ) {
    this.window = window;
    this.looks = looks;
    this.rowOf = rowOf;
    this.to = to;
    const until = Math.min(window.now, to + LONGEST_WAIT_MS);
    this.lost = new Set(window.chronicle.lostBetween(from, until));
  }

  get count(): number {
    return this.sends.length;
  }

  receive(event: ReceiveEvent, row: number): void {
    const send = this.window.pairs.sendOf(event, this.window.chronicle);
    const fromRow = send && send.at <= this.to ? this.rowOf.get(send.node) : undefined;
    if (fromRow !== undefined) this.put(send!, event, fromRow, row);
  }

  /** Only what did not arrive, or not yet: the rest is drawn with its receipt. */
  send(event: SendEvent, row: number): void {
    const flight = this.window.chronicle.flight(event);
    if (flight === undefined || flight.arrivesAt !== null) return;
    const toRow = this.rowOf.get(event.to);
    if (toRow === undefined) return;
    if (this.lost.has(flight) || flight.givenUpAt > this.window.now) {
      this.put(event, null, row, toRow);
    }
  }

  /** @returns how many */
  draw(): number {
    const least = thinningLevel(this.levels);
    let drawn = 0;
    for (let i = 0; i < this.sends.length; i++) {
      if (this.levels[i]! < least) continue;
      drawn += 1;
      this.line(this.sends[i]!, this.receipts[i]!, this.fromRows[i]!, this.toRows[i]!);
    }
    return drawn;
  }

  private put(send: SendEvent, receive: ReceiveEvent | null, from: number, to: number): void {
    this.sends.push(send);
    this.receipts.push(receive);
    this.fromRows.push(from);
    this.toRows.push(to);
    this.levels.push(levelOfMessage(send));
  }

  private line(send: SendEvent, receive: ReceiveEvent | null, from: number, to: number): void {
    const { axis, layout, cone } = this.window;
    const way = this.wayOf(send, receive);
    const ends = this.looks.lines(way, send.protocol, weightOfMessage(send, receive, cone));
    const [x, y, end] = [axis.xOf(send.at), layout.yOf(from), layout.yOf(to)];
    if (receive !== null)
      ends.push(x, y, axis.xOf(receive.at) + (way === 'copy' ? COPY_PX : 0), end);
    else ends.push(x, y, x + LOST_PX, y + (end - y) * LOST_SHARE);
  }

  private wayOf(send: SendEvent, receive: ReceiveEvent | null): Way {
    const { chronicle, pairs } = this.window;
    if (receive !== null) return pairs.isCopy(receive, send, chronicle) ? 'copy' : 'arrived';
    return this.lost.has(chronicle.flight(send)!) ? 'lost' : 'under-way';
  }
}

function rowOfNode(
  { axis, layout, lifelines, now }: Window,
  node: NodeId,
  row: number,
  from: Milliseconds,
  to: Milliseconds,
): DrawnRow {
  const stretches = lifelines.between(node, from, to).flatMap((stretch) => {
    const x1 = Math.max(layout.left, axis.xOf(stretch.from));
    const x2 = Math.min(layout.right, axis.xOf(stretch.to ?? Math.max(now, stretch.from)));
    return x2 > x1 ? [{ state: stretch.state, x1, x2 }] : [];
  });
  return { y: layout.yOf(row), stretches };
}

function ordersOf({ chronicle, axis, nodes }: Window, from: Milliseconds, to: Milliseconds) {
  return chronicle
    .orders()
    .filter(({ at, version, node }) => {
      return at >= from && at <= to && (version !== null || nodes.includes(node));
    })
    .map(({ at, title }) => ({ x: axis.xOf(at), title }));
}

/** Folded seconds have no labels. */
function ticksOf({ axis, layout, origin }: Window, from: Milliseconds, to: Milliseconds) {
  const folds = axis.foldsBetween(layout.left, layout.right);
  const step = stepFor(axis.view.msPerPx, TICK_PX);
  const edges = [Math.max(from, origin), ...folds.flatMap((fold) => [fold.from, fold.to]), to];
  const ticks = [];
  for (let i = 0; i < edges.length; i += 2) {
    for (const tick of ticksBetween(Math.max(edges[0]!, edges[i]!), edges[i + 1]!, step, origin)) {
      ticks.push({ ...tick, x: axis.xOf(tick.at) });
    }
  }
  return ticks;
}

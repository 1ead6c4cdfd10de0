import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import { Activity } from './activity.ts';
import { CatchUp } from './catch-up.ts';
import { rememberedProtocols, rememberProtocols, shownBy, toggled } from './filter.ts';
import { heightFor, Layout } from './layout.ts';
import { Lifelines } from './lifelines.ts';
import { Pairs } from './messages-drawn.ts';
import type { Ground } from './moves.ts';
import { TimeAxis, type View } from './time-axis.ts';
import type { Window } from './draw-window.ts';

/** A row of the picture; the order of the rows is the page's. */
export interface SpaceTimeNode {
  readonly id: NodeId;
  readonly name: string;
  /** As in a stylesheet; left out, the colour of all nodes. */
  readonly color?: string;
}

export interface SpaceTimeProps {
  readonly chronicle: Chronicle;
  /** `chronicle.changes` as it was when the page was last told: what has changed since is not drawn. */
  readonly version: number;
  readonly nodes: readonly SpaceTimeNode[];
  /** Where time stands: the moment of a replay, or live the true time. Null: at the newest event. */
  readonly now?: Milliseconds | null;
  /** The moment that the seconds are counted from. Null: the oldest event that is kept. */
  readonly origin?: Milliseconds | null;
  readonly selected?: TraceEvent | null;
  /** With the selected one a pair, of which it is told how they stand to each other. */
  readonly second?: TraceEvent | null;
  readonly selectedNode?: NodeId | null;
  readonly onselect?: (event: TraceEvent | null) => void;
  readonly onselectnode?: (node: NodeId) => void;
}

/** Shorter than this and a reader wonders what was left out; pings alone come once a second. */
export const FOLD_AFTER_MS: Milliseconds = 3_000;

/** Seven seconds fit the strip of a laptop, and a message over a slow link leans visibly. */
const FIRST_MS_PER_PX = 6;

/** From one event to the next of a lesson, to all of it. */
const MOST_ZOOMS = 16;

/** Between the names and the first event. */
const LEAD_PX = 10;

/** What of the past one sees, and how: everything but what is selected, which is the page's. */
export class SpaceTimeDesk {
  #view = $state.raw<View>({ right: 0, msPerPx: FIRST_MS_PER_PX });
  following = $state(true);
  folding = $state(true);
  hiddenProtocols = $state.raw(rememberedProtocols());
  hiddenNodes = $state.raw<ReadonlySet<NodeId>>(new Set<NodeId>());
  /** The other end of a path. */
  second = $state.raw<TraceEvent | null>(null);
  size = $state.raw({ width: 0, height: 0 });
  namesPx = $state(60);
  private readonly props: () => SpaceTimeProps;
  private readonly pairs = new Pairs();

  constructor(props: () => SpaceTimeProps) {
    this.props = props;
  }

  readonly shows = $derived(shownBy(this.hiddenProtocols));

  readonly rows = $derived.by(() => {
    const { nodes } = this.props();
    return nodes.filter(({ id }) => !this.hiddenNodes.has(id));
  });

  /** Made anew when the filters change; else it only takes in what is new. */
  private readonly index = $derived.by(() => {
    const { shows, hiddenNodes } = this;
    const activity = new Activity((event) => shows(event) && !hiddenNodes.has(event.node));
    const lifelines = new Lifelines();
    return { activity, lifelines, catchUp: new CatchUp([activity, lifelines]) };
  });

  /** What is known now; another object whenever something is added. */
  readonly known = $derived.by(() => {
    const { chronicle, version } = this.props();
    const { activity, lifelines, catchUp } = this.index;
    catchUp.look(chronicle.rows());
    return { activity, lifelines, span: chronicle.span, version };
  });

  private readonly folds = $derived(this.folding ? this.known.activity.quiet(FOLD_AFTER_MS) : []);

  readonly now = $derived.by((): Milliseconds => {
    const { now } = this.props();
    return now ?? this.known.span?.to ?? 0;
  });

  readonly origin = $derived.by((): Milliseconds => {
    const { origin } = this.props();
    return origin ?? this.known.span?.from ?? 0;
  });

  readonly height = $derived(heightFor(this.rows.length, this.size.height));

  readonly layout = $derived(new Layout(this.size, this.rows.length, this.namesPx));

  readonly axis = $derived.by(() => {
    const { msPerPx, right } = this.#view;
    const view = { msPerPx, right: this.following ? this.now : right };
    return this.filled(new TimeAxis(this.folds, view, this.layout.right));
  });

  /** The first and the last moment that are in the picture. */
  readonly seen = $derived({
    from: this.axis.timeAt(this.layout.left),
    to: this.axis.timeAt(this.layout.right),
  });

  private readonly cone = $derived.by(() => {
    const { chronicle, selected = null } = this.props();
    return selected !== null && this.known.version >= 0 ? chronicle.causality.cone(selected) : null;
  });

  /** From the earlier of the two selected events to the later one; null if no chain was recorded. */
  readonly path = $derived.by(() => {
    const { chronicle, selected = null } = this.props();
    if (selected === null || this.second === null || this.known.version < 0) return null;
    const { causality } = chronicle;
    return causality.path(selected, this.second) ?? causality.path(this.second, selected);
  });

  readonly window: Window = $derived.by(() => {
    const { chronicle, selected = null } = this.props();
    const { shows, axis, layout, now, cone, pairs } = this;
    return {
      chronicle,
      lifelines: this.known.lifelines,
      pairs,
      nodes: this.rows.map(({ id }) => id),
      axis,
      layout,
      shows,
      now,
      origin: this.origin,
      cone,
      path: this.path ?? [],
      selected: [selected, this.second].filter((event) => event !== null),
    };
  });

  readonly ground: Ground = $derived.by(() => {
    const { causality } = this.props().chronicle;
    return {
      nodes: this.rows.map(({ id }) => id),
      eventsOf: (node) => causality.eventsOf(node),
      shows: this.shows,
    };
  });

  /** Stands still, or follows what happens. */
  hold(): void {
    if (this.following) this.look(this.axis.view);
    else this.following = true;
  }

  scrollBy(px: number): void {
    this.look(this.axis.movedBy(px));
  }

  zoom(factor: number, x = this.layout.right): void {
    const view = this.axis.zoomedAt(x, factor);
    if (this.following) this.#view = view;
    else this.look(view);
  }

  /** Brings a moment into the middle, unless it is in the picture already. */
  show(time: Milliseconds): void {
    const { axis, layout } = this;
    const x = axis.xOf(time);
    if (x >= layout.left && x <= layout.right) return;
    this.look(axis.movedBy((layout.left + layout.right) / 2 - x));
  }

  /** Brings both into the picture, with less detail if they are far apart. */
  showBoth(one: Milliseconds, other: Milliseconds): void {
    for (let zooms = 0; zooms < MOST_ZOOMS; zooms++) {
      const [a, b] = [this.axis.xOf(one), this.axis.xOf(other)];
      const { left, right } = this.layout;
      const middle = (left + right) / 2;
      if (Math.abs(a - b) < right - left) {
        if (Math.min(a, b) < left || Math.max(a, b) > right)
          this.look(this.axis.movedBy(middle - (a + b) / 2));
        return;
      }
      this.look(this.axis.zoomedAt(middle, 2));
    }
  }

  /** Lets this moment be at the right edge. */
  lookBackFrom(right: Milliseconds): void {
    this.look({ ...this.axis.view, right });
  }

  toggleProtocol(protocol: string): void {
    this.hiddenProtocols = toggled(this.hiddenProtocols, protocol);
    rememberProtocols(this.hiddenProtocols);
  }

  toggleNode(node: NodeId): void {
    this.hiddenNodes = toggled(this.hiddenNodes, node);
  }

  /** What is shorter than the picture begins at its left, and grows to the right. */
  private filled(axis: TimeAxis): TimeAxis {
    const { span } = this.known;
    const { layout } = this;
    const spare = span === null ? 0 : axis.xOf(span.from) - layout.left - LEAD_PX;
    return spare <= 0 ? axis : new TimeAxis(this.folds, axis.movedBy(-spare), layout.right);
  }

  /** Not further than to what is kept. */
  private look(view: View): void {
    const { span } = this.known;
    const first = span?.from ?? this.now;
    const last = Math.max(this.now, span?.to ?? 0);
    this.following = false;
    this.#view = { ...view, right: Math.min(last, Math.max(first, view.right)) };
  }
}

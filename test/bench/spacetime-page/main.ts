import '../../../client/ui/tokens.css';
import { CanvasColors } from '../../../client/views/canvas-colors.ts';
import { Activity } from '../../../client/views/spacetime/activity.ts';
import { CatchUp } from '../../../client/views/spacetime/catch-up.ts';
import { drawWindow } from '../../../client/views/spacetime/draw-window.ts';
import { Layout } from '../../../client/views/spacetime/layout.ts';
import { Lifelines } from '../../../client/views/spacetime/lifelines.ts';
import { Pairs } from '../../../client/views/spacetime/messages-drawn.ts';
import { paint } from '../../../client/views/spacetime/paint.ts';
import type { Picture } from '../../../client/views/spacetime/picture.ts';
import { TimeAxis } from '../../../client/views/spacetime/time-axis.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import { crowdedLesson } from '../../support/lesson-trace.ts';

/** Draws the densest window that the diagram is made for, and as many bare strokes, in turn. */

export interface DrawTimes {
  readonly events: number;
  readonly messages: number;
  readonly drawn: number;
  /** Each frame's, in milliseconds. */
  readonly ours: readonly number[];
  readonly baseline: readonly number[];
}

const SIZE = { width: 1_440, height: 700 };
const EVENTS = 10_000;
/** All of a window but what a scroll brings in. */
const SPARE = 400;
const SCROLL_PX = 2;

const lesson = crowdedLesson(EVENTS + SPARE);
const chronicle = new Chronicle();
for (const event of lesson.events) chronicle.add(event);
const lifelines = new Lifelines();
new CatchUp([lifelines, new Activity()]).look(chronicle.rows());
const layout = new Layout(SIZE, lesson.nodes.length, 80);
const span = chronicle.span!;
const width = layout.right - layout.left;

const canvas = document.querySelector('canvas')!;
Object.assign(canvas, { width: SIZE.width, height: layout.height });
const context = canvas.getContext('2d')!;
const colors = new CanvasColors(document.querySelector('span')!);
const brush = { context, colors, fontText: 'sans-serif', lengthWords: String };
const labels = lesson.nodes.map((name) => ({ name, color: 'var(--node)', selected: false }));
const pairs = new Pairs();

function drawAt(scrolledPx: number): Picture {
  const msPerPx = (span.to - span.from) / width;
  const view = { right: span.to - scrolledPx * msPerPx, msPerPx };
  const picture = drawWindow({
    chronicle,
    lifelines,
    pairs,
    nodes: lesson.nodes,
    axis: new TimeAxis([], view, layout.right),
    layout,
    shows: () => true,
    now: span.to,
    origin: span.from,
    cone: null,
    path: [],
    selected: [],
  });
  paint(brush, picture, layout, labels);
  return picture;
}

/** The very same lines and as many squares, with nothing found out about them. */
function drawBare(lines: readonly number[], places: readonly number[]): void {
  context.clearRect(0, 0, SIZE.width, layout.height);
  context.lineWidth = 1;
  context.strokeStyle = 'rgb(0, 103, 163)';
  context.fillStyle = 'rgb(0, 103, 163)';
  for (let i = 0; i < lines.length; i += 4) {
    context.beginPath();
    context.moveTo(lines[i]!, lines[i + 1]!);
    context.lineTo(lines[i + 2]!, lines[i + 3]!);
    context.stroke();
  }
  for (let i = 0; i < places.length; i += 2)
    context.fillRect(places[i]! - 1.5, places[i + 1]! - 1.5, 3, 3);
}

/** What is drawn is only written down until somebody wants to see it. */
function timed(draw: () => void): number {
  const startedAt = performance.now();
  draw();
  context.getImageData(0, 0, 1, 1);
  return performance.now() - startedAt;
}

async function scroll(frames: number): Promise<DrawTimes> {
  const first = drawAt(0);
  const lines = first.lines.flatMap(({ ends }) => ends);
  const places = first.marks.flatMap((marks) => marks.places);
  const ours: number[] = [];
  const baseline: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    await new Promise(requestAnimationFrame);
    // There and back, so that the window stays as full as it was.
    const scrolled = SCROLL_PX * Math.min(frame % 20, 20 - (frame % 20));
    ours.push(timed(() => void drawAt(scrolled)));
    baseline.push(timed(() => drawBare(lines, places)));
  }
  const { messages, drawn } = first;
  return { events: places.length / 2, messages, drawn, ours, baseline };
}

declare global {
  var scrollSpaceTime: typeof scroll;
}
globalThis.scrollSpaceTime = scroll;

import type { Brush } from './brush.ts';
import type { Layout } from './layout.ts';
import { paintLines, paintMarks } from './paint-marks.ts';
import type { DrawnRow, Picture } from './picture.ts';
import { FOLD_PX } from './time-axis.ts';

/** A row as it is named. */
export interface RowLabel {
  readonly name: string;
  /** As in a stylesheet. */
  readonly color: string;
  readonly selected: boolean;
}

const QUIET = 'var(--ink-2)';

export function paint(
  brush: Brush,
  picture: Picture,
  layout: Layout,
  labels: readonly RowLabel[],
): void {
  const { context } = brush;
  context.clearRect(0, 0, layout.width, layout.height);
  picture.rows.forEach((row, i) => paintLifeline(brush, row, layout, labels[i]!));
  context.save();
  context.beginPath();
  context.rect(layout.left, 0, layout.right - layout.left + 6, layout.height);
  context.clip();
  paintTicks(brush, picture, layout);
  paintOrders(brush, picture, layout);
  for (const lines of picture.lines) paintLines(brush, lines);
  paintPath(brush, picture);
  for (const marks of picture.marks) paintMarks(brush, marks);
  paintSelected(brush, picture);
  for (const fold of picture.folds) paintFold(brush, fold, layout);
  if (picture.nowX !== null) vertical(brush, picture.nowX, layout, { color: 'var(--accent)' });
  context.restore();
}

function paintLifeline(brush: Brush, row: DrawnRow, layout: Layout, label: RowLabel): void {
  const { context, colors, fontText } = brush;
  const { y, stretches } = row;
  if (label.selected) {
    context.fillStyle = colors.get('var(--sunk)');
    context.fillRect(0, y - layout.pitch / 2, layout.width, layout.pitch);
  }
  context.font = `${label.selected ? 700 : 600} ${layout.pitch < 18 ? 11.5 : 13}px ${fontText}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillStyle = colors.get('var(--ink)');
  context.fillText(fitted(context, label.name, layout.left - 20), layout.left - 12, y + 0.5);
  context.strokeStyle = colors.get(label.color);
  context.globalAlpha = 0.55;
  context.lineWidth = label.selected ? 2 : 1;
  for (const { state, x1, x2 } of stretches) {
    if (state === 'paused') paintPause(brush, x1, x2, y);
    if (state !== 'up') continue;
    context.beginPath();
    context.moveTo(x1, Math.round(y) + 0.5);
    context.lineTo(x2, Math.round(y) + 0.5);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Hatched: it stands still, and is not gone. */
function paintPause({ context }: Brush, x1: number, x2: number, y: number): void {
  context.beginPath();
  for (let x = x1 + 2; x < x2; x += 5) {
    context.moveTo(x, y + 3.5);
    context.lineTo(Math.min(x2, x + 4), y - 3.5);
  }
  context.stroke();
}

function paintTicks({ context, colors, fontText }: Brush, picture: Picture, layout: Layout): void {
  context.font = `400 12px ${fontText}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.strokeStyle = colors.get('var(--line)');
  context.fillStyle = colors.get(QUIET);
  context.lineWidth = 1;
  context.beginPath();
  for (const { x, label } of picture.ticks) {
    context.moveTo(Math.round(x) + 0.5, 4);
    context.lineTo(Math.round(x) + 0.5, layout.bottom);
    if (x + context.measureText(label).width + 6 < layout.right) context.fillText(label, x + 5, 10);
  }
  context.stroke();
}

/** Titles stand where there is room for them before the next one. */
function paintOrders(brush: Brush, { orders }: Picture, layout: Layout): void {
  const { context, colors, fontText } = brush;
  context.font = `400 13px ${fontText}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  orders.forEach(({ x, title }, i) => {
    vertical(brush, x, layout, { color: QUIET, dash: [4, 4] });
    const room = (orders[i + 1]?.x ?? layout.right) - x - 10;
    context.fillStyle = colors.get(QUIET);
    context.fillText(fitted(context, title, room), x + 6, layout.bottom + 12);
  });
}

function vertical(
  { context, colors }: Brush,
  x: number,
  layout: Layout,
  { color, dash = [] }: { color: string; dash?: number[] },
): void {
  context.strokeStyle = colors.get(color);
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, 2);
  context.lineTo(Math.round(x) + 0.5, layout.bottom + 18);
  context.stroke();
  context.setLineDash([]);
}

function paintFold(brush: Brush, fold: Picture['folds'][number], layout: Layout): void {
  const { context, colors, fontText, lengthWords } = brush;
  const half = FOLD_PX / 2;
  context.fillStyle = colors.get('var(--surface)');
  context.fillRect(fold.x - half, 0, FOLD_PX, layout.bottom + 2);
  context.strokeStyle = colors.get('var(--mark)');
  context.lineWidth = 1.2;
  context.beginPath();
  for (const x of [fold.x - 5, fold.x + 1]) {
    context.moveTo(x, 22);
    for (let y = 22, out = true; y <= layout.bottom; y += 6, out = !out)
      context.lineTo(x + (out ? 0 : 4), y);
  }
  context.stroke();
  context.font = `400 12px ${fontText}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colors.get(QUIET);
  context.fillText(lengthWords(fold.ms), fold.x, 10);
}

function paintPath({ context, colors }: Brush, { path }: Picture): void {
  if (path.length < 2) return;
  context.strokeStyle = colors.get('var(--ink)');
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.beginPath();
  for (const { x, y } of path) context.lineTo(x, y);
  context.stroke();
}

function paintSelected({ context, colors }: Brush, { selected }: Picture): void {
  context.strokeStyle = colors.get('var(--ink)');
  context.lineWidth = 2;
  for (const { x, y } of selected) {
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** As much of a text as fits; nothing if that would be no word. */
function fitted(context: CanvasRenderingContext2D, text: string, roomPx: number): string {
  if (context.measureText(text).width <= roomPx) return text;
  for (let length = text.length - 1; length > 2; length--) {
    const cut = `${text.slice(0, length).trimEnd()}…`;
    if (context.measureText(cut).width <= roomPx) return cut;
  }
  return '';
}

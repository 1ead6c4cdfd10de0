import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { CanvasColors } from '../canvas-colors.ts';
import { clockLabel } from '../spacetime/ticks.ts';

/** The one place that knows uPlot. It is loaded when the first chart is opened. */

export interface PlotSeries {
  readonly name: string;
  /** As in a stylesheet. */
  readonly color: string;
  readonly dash?: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface PlotData {
  /** Seconds since the origin, rising. */
  readonly seconds: readonly number[];
  readonly series: readonly PlotSeries[];
}

export interface Plot {
  draw(data: PlotData): void;
  resize(width: number, height: number): void;
  destroy(): void;
}

export interface PlotOptions {
  readonly element: HTMLElement;
  readonly colors: CanvasColors;
  readonly format: (value: number) => string;
  /** Less than this from the bottom to the top would only show noise. */
  readonly leastSpan: number;
  /** Where the pointer is: which of the moments, or null beside them. */
  readonly onpoint: (index: number | null) => void;
}

const AXIS_PX = 58;
const STEPS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];

/** A plot is made for one set of series; another set needs another plot. */
export function makePlot(data: PlotData, options: PlotOptions): Plot {
  const { element, colors, format, leastSpan, onpoint } = options;
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const axis = {
    stroke: () => colors.get('var(--ink-2)'),
    font,
    grid: { stroke: () => colors.get('var(--line)'), width: 1 },
    ticks: { show: false },
  };
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: element.clientHeight,
      legend: { show: false },
      padding: [10, 8, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: false },
        y: { range: (_plot, low, high) => rangeOf(low, high, leastSpan) },
      },
      axes: [
        {
          ...axis,
          size: 28,
          gap: 4,
          space: 70,
          incrs: STEPS_S,
          values: (_plot, splits) => splits.map((second) => clockLabel(second * 1_000, 1_000)),
        },
        {
          ...axis,
          size: AXIS_PX,
          gap: 6,
          space: 34,
          values: (_plot, splits) => splits.map(format),
        },
      ],
      series: [
        {},
        ...data.series.map(({ name, color, dash }) => ({
          label: name,
          stroke: () => colors.get(color),
          width: 1.6,
          points: { show: false },
          spanGaps: false,
          ...(dash && { dash: [...dash] }),
        })),
      ],
      hooks: { setCursor: [({ cursor }) => onpoint(cursor.idx ?? null)] },
    },
    aligned(data),
    element,
  );
  return {
    draw: (next) => plot.setData(aligned(next)),
    resize: (width, height) => plot.setSize({ width, height }),
    destroy: () => plot.destroy(),
  };
}

function aligned({ seconds, series }: PlotData): uPlot.AlignedData {
  return [[...seconds], ...series.map(({ values }) => [...values])];
}

/** From 0, unless there is something below it. */
function rangeOf(least: number | null, most: number | null, leastSpan: number): uPlot.Range.MinMax {
  const low = Math.min(0, least ?? 0);
  const high = Math.max(0, most ?? 0, low + leastSpan);
  const room = (high - low) * 0.08;
  return [low === 0 ? 0 : low - room, high === 0 && low < 0 ? 0 : high + room];
}

import { describe, expect, it } from 'vitest';
import { spreadAxis } from '../../../../client/views/news/spread-axis.ts';
import { readSpread } from '../../../../client/views/news/spread-readings.ts';
import { spreadRows, spreadSentence } from '../../../../client/views/news/spread-words.ts';
import { MAX_SPREADS, Spreads, type Spread } from '../../../../client/views/news/spreads.ts';
import { Chronicle } from '../../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../../src/trace/event.ts';
import type { NodeId } from '../../../../src/vocabulary.ts';
import { ToldNews } from '../../../support/told-news.ts';

function fed(events: readonly TraceEvent[]): Spreads {
  const spreads = new Spreads();
  for (const event of events) spreads.take(event);
  return spreads;
}

function chronicleOf(events: readonly TraceEvent[]): Chronicle {
  const chronicle = new Chronicle();
  for (const event of events) chronicle.add(event);
  return chronicle;
}

const NAMES = ['Owl', 'Fox', 'Elk', 'Bat', 'Cod'];

/** Owl says something; Fox and Elk have it at once, Bat asks for it, Cod never hears of it. */
function lesson() {
  const news = new ToldNews(5);
  const id = news.spread(0, 1_000, [
    { to: 2, afterMs: 30, hops: 1 },
    { to: 1, afterMs: 20, hops: 1 },
    { to: 3, afterMs: 400, hops: 2, by: 'graft', heldMs: 25 },
  ]);
  const nameOf = (node: NodeId): string => NAMES[news.nodes.indexOf(node)] ?? node;
  return { news, id, nameOf };
}

const read = (now: number, { news }: ReturnType<typeof lesson> = lesson()) =>
  readSpread(fed(news.events).upTo(now)[0]!, chronicleOf(news.events), now);

describe('who was told what, from the notes of all', () => {
  it('is the same in whatever order the events come', () => {
    const { news } = lesson();
    const forwards = fed(news.events).upTo(9_000);
    const backwards = fed(news.events.toReversed()).upTo(9_000);
    const plain = (spreads: readonly Spread[]) =>
      spreads.map(({ reached, ...rest }) => ({ ...rest, reached: new Map([...reached].sort()) }));
    expect(plain(backwards)).toEqual(plain(forwards));
    expect(forwards[0]).toMatchObject({ from: news.nodes[0], at: 1_000 });
  });

  it('NEWS-2 has the newest first, and nothing of what has not been said yet', () => {
    const news = new ToldNews(2);
    const [first, second] = [news.spread(0, 100, []), news.spread(1, 200, [])];
    const ids = (now: number) =>
      fed(news.events)
        .upTo(now)
        .map(({ id }) => id);
    expect([99, 100, 200].map(ids)).toEqual([[], [first], [second, first]]);
  });

  it('keeps a bounded number of broadcasts, the newest, though a node tells of the older ones last', () => {
    const news = new ToldNews(2);
    for (let i = 0; i < MAX_SPREADS + 50; i++)
      news.spread(0, 10 * i, [{ to: 1, afterMs: 5, hops: 1 }]);
    const byNode = news.nodes.flatMap((node) => news.events.filter((event) => event.node === node));
    const kept = fed(byNode).upTo(1e6);
    expect(kept).toHaveLength(MAX_SPREADS);
    expect(kept.at(-1)!.at).toBe(500);
    expect(kept.every(({ reached }) => reached.size === 2)).toBe(true);
  });

  it('NEWS-1 counts who was told twice once, by the first time, and takes no note for what it is not', () => {
    const { news } = lesson();
    const [owl, fox] = news.nodes as [NodeId, NodeId];
    const again = { id: `${owl}.1.1`, from: owl, hops: 4, by: 'repair', heldMs: 0 };
    news.happened(fox, 7_000, { type: 'note', protocol: 'gossip', kind: 'deliver', detail: again });
    for (const [protocol, kind, detail] of [
      ['flood', 'deliver', again],
      ['gossip', 'prune', again],
      ['gossip', 'deliver', { ...again, by: 'owl' }],
      ['gossip', 'deliver', { ...again, hops: null }],
    ] as const)
      news.happened(news.nodes[4]!, 7_000, { type: 'note', protocol, kind, detail });
    const { reached } = read(9_000, { ...lesson(), news });
    expect(reached.map(({ node }) => news.nodes.indexOf(node))).toEqual([0, 1, 2, 3]);
    expect(reached[1]).toMatchObject({ by: 'eager', hops: 1 });
  });
});

describe('how far it has come', () => {
  it('NEWS-1 is counted among those who lived when it was said', () => {
    const { news, id, nameOf } = lesson();
    const late = news.nodes[4]!;
    const crashed = new ToldNews(2);
    expect(read(9_000)).toMatchObject({ id, nodes: 5, missing: [late], halfMs: 30, lastMs: 400 });
    expect(nameOf(late)).toBe('Cod');
    crashed.happened(crashed.nodes[1]!, 5, { type: 'crash' });
    crashed.spread(0, 10, []);
    expect(read(99, { ...lesson(), news: crashed })).toMatchObject({ nodes: 1, missing: [] });
  });

  it('NEWS-2 is what was known at the moment that is shown', () => {
    const at = (now: number) => read(now);
    expect(at(1_000).reached).toHaveLength(1);
    expect(at(1_000).halfMs).toBeNull();
    expect(at(1_030)).toMatchObject({ halfMs: 30, lastMs: 30, byHops: [1, 2] });
    expect(at(9_000).byHops).toEqual([1, 2, 1]);
    expect(Object.fromEntries(at(9_000).byArrival)).toEqual({ origin: 1, eager: 2, graft: 1 });
  });

  it('is said in a sentence', () => {
    const say = (now: number, told = lesson()) => spreadSentence(read(now, told), told.nameOf);
    expect(say(1_000)).toBe('Only Owl knows it so far, of 5.');
    expect(say(9_000)).toBe(
      '4 of 5 know what Owl said: half of all after 30 ms. Cod does not. It came over 2 links at most; log₂ of 5 is 2.3.',
    );
    const told = lesson();
    told.news.spread(3, 2_000, [0, 1, 2, 4].map((to) => ({ to, afterMs: 10 * (to + 1), hops: 1 }))); // prettier-ignore
    expect(say(9_000, told)).toBe(
      'All 5 know what Bat said: half of all after 20 ms, the last one, Cod, after 50 ms. It came over 1 link at most; log₂ of 5 is 2.3.',
    );
  });

  it('has a table with each node, those who were not told last', () => {
    const told = lesson();
    expect(spreadRows(read(9_000, told), told.nameOf)).toEqual([
      ['Owl', '–', 0, 'said it', '–'],
      ['Fox', '20 ms', 1, 'told at once', '–'],
      ['Elk', '30 ms', 1, 'told at once', '–'],
      ['Bat', '400 ms', 2, 'asked for after a hint', '25 ms'],
      ['Cod', '–', '–', 'not told', '–'],
    ]);
  });
});

describe('the axis of a spread', () => {
  const labels = (times: number[], width = 500) => spreadAxis(times, width).ticks.map(({ label }) => label); // prettier-ignore

  it('is even where all knew at about the same time', () => {
    const { x, squeezed } = spreadAxis([0, 20, 40, 60], 500);
    expect(squeezed).toBe(false);
    expect(x(60)).toBeCloseTo(2 * x(30), 6);
    expect(labels([0, 20, 40, 60])).toEqual(['0', '10 ms', '20 ms', '30 ms', '40 ms', '50 ms', '60 ms']); // prettier-ignore
  });

  it('NEWS-3 is squeezed where one was told much later, so that the others stay apart', () => {
    const { x, squeezed } = spreadAxis([0, 20, 40, 60, 2_140], 500);
    expect(squeezed).toBe(true);
    expect(x(60) / x(2_140)).toBeGreaterThan(0.2);
    const ticks = labels([0, 20, 40, 60, 2_140]);
    expect(ticks[0]).toBe('0');
    expect(ticks.at(-1)).toMatch(/ s$/);
  });

  it('has all times inside, and ticks that do not touch, at any width', () => {
    for (const width of [120, 280, 1_000])
      for (const last of [0, 3, 90, 5_000, 600_000]) {
        const { x, ticks } = spreadAxis([0, 1, last], width);
        expect(x(last)).toBeLessThanOrEqual(width);
        const gaps = ticks.slice(1).map((tick, i) => tick.x - ticks[i]!.x);
        expect(gaps.every((gap) => gap >= 60)).toBe(true);
      }
  });
});

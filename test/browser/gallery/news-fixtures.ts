import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { LESSON_BEGAN_AT } from '../../support/lesson-trace.ts';
import { ToldNews } from '../../support/told-news.ts';
import { ANIMALS } from './names.ts';

export interface NewsFixture {
  readonly chronicle: Chronicle;
  readonly now: number;
  readonly nameOf: (node: NodeId) => string;
}

function fixture(news: ToldNews): NewsFixture {
  const chronicle = new Chronicle();
  for (const event of news.events) chronicle.add(event);
  const names = new Map(news.nodes.map((id, i) => [id, ANIMALS[i] ?? `Node ${i}`]));
  return {
    chronicle,
    now: LESSON_BEGAN_AT + 60_000,
    nameOf: (node) => names.get(node) ?? node,
  };
}

/** Along a tree: each node has its news from the one at half of its number. */
function tree(news: ToldNews, count: number) {
  return Array.from({ length: count - 1 }, (_, i) => {
    const hops = Math.floor(Math.log2(i + 2));
    return { to: i + 1, hops, afterMs: hops * 14 + ((i * 29) % 11), by: 'eager' as const };
  });
}

function small(): NewsFixture {
  const news = new ToldNews(8, LESSON_BEGAN_AT);
  news.spread(0, 9_000, tree(news, 8));
  news.spread(0, 12_400, tree(news, 8));
  return fixture(news);
}

/** One branch of the tree was lost: asked for after a hint, the last one found in a comparison, one never. */
function mended(): NewsFixture {
  const news = new ToldNews(24, LESSON_BEGAN_AT);
  const told = tree(news, 23).map((each) =>
    each.to === 22
      ? { ...each, afterMs: 2_140, by: 'repair' as const }
      : each.to > 17
        ? {
            ...each,
            hops: each.hops + 1,
            afterMs: 330 + each.to * 3,
            by: 'graft' as const,
            heldMs: 40,
          }
        : each,
  );
  news.spread(0, 12_000, told);
  return fixture(news);
}

/** Push rumours in rounds of 200 ms: an S, and a few who are missed. */
function rumour(): NewsFixture {
  const news = new ToldNews(60, LESSON_BEGAN_AT);
  const perRound = [1, 2, 4, 7, 12, 14, 9, 5, 3];
  const known = perRound.flatMap((count, round) => {
    const before = 1 + perRound.slice(0, round).reduce((sum, each) => sum + each, 0);
    return Array.from({ length: count }, (_, i) => ({
      to: before + i,
      hops: round + 1,
      afterMs: (round + 1) * 200 + ((i * 37) % 160),
      by: 'rumour' as const,
    }));
  });
  news.spread(
    0,
    3_000,
    known.filter(({ to }) => to < 58),
  );
  return fixture(news);
}

export const NEWS: ReadonlyMap<string, () => NewsFixture> = new Map([
  ['empty', () => fixture(new ToldNews(8, LESSON_BEGAN_AT))],
  ['small', small],
  ['mended', mended],
  ['rumour', rumour],
]);

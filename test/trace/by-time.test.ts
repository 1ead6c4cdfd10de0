import { expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { ByTime } from '../../src/trace/by-time.ts';

interface Thing {
  readonly at: number;
  readonly name: number;
}

test.each([1, 2, 3])('TRACE-15 it is what a sorted array would be (seed %i)', (seed) => {
  const random = new Random(`by time ${seed}`);
  const sut = new ByTime<Thing>(({ at }) => at);
  let model: Thing[] = [];
  for (let name = 0; name < 6_000; name++) {
    if (random.next() < 0.3 && model.length > 0) {
      const gone = model[random.below(model.length)]!;
      model = model.filter((thing) => thing !== gone);
      sut.remove(gone);
    } else {
      // Few different times, so that many share one and chunks begin within a run of equals.
      const thing = { at: random.below(seed * 40) / 2, name };
      model.push(thing);
      sut.add(thing);
    }
    if (name % 50 !== 0) continue;
    const sorted = model.toSorted((a, b) => a.at - b.at || a.name - b.name);
    expect(sut.between(-Infinity, Infinity)).toEqual(sorted);
    const from = random.below(seed * 20);
    const to = from + random.below(10);
    expect(sut.between(from, to)).toEqual(sorted.filter(({ at }) => at > from && at <= to));
    expect(sut.after(from)).toBe(sorted.find(({ at }) => at > from));
    expect(sut.before(from)).toBe(sorted.findLast(({ at }) => at < from));
    expect([sut.size, sut.first, sut.last]).toEqual([sorted.length, sorted[0], sorted.at(-1)]);
  }
});

import { describe, expect, test } from 'vitest';
import {
  registerReport,
  SLACK_MS,
  type RegisterReport,
} from '../../../src/checkers/register-report.ts';
import { registersPicture } from '../../../client/views/registers/picture.ts';
import { CoordinationNotes } from '../../../src/trace/coordination-notes.ts';
import { RegisterClass } from '../../support/register-class.ts';

const NAMES = ['Otter', 'Heron', 'Wren'];

function reportOf(lesson: RegisterClass): RegisterReport {
  const notes = new CoordinationNotes();
  for (const event of lesson.events) notes.add(event);
  return registerReport(notes);
}

const ap = ({ kinds }: RegisterReport) => kinds.find(({ figures }) => figures.kind === 'ap')!;

/** Every node has a cell of its own: whoever asks another than was written to reads what is old. */
function written(): RegisterClass {
  const lesson = new RegisterClass();
  lesson.run(100);
  lesson.put(0, 'old');
  lesson.put(1, 'old');
  lesson.run(1_000);
  lesson.put(0, 'new');
  lesson.run(1_000);
  return lesson;
}

describe('the report on a class’s registers', () => {
  test('has nothing to say while nobody has asked', () => {
    const report = reportOf(new RegisterClass());
    expect(report).toMatchObject({ keys: [], told: [], holes: 0 });
    for (const { judgement } of report.kinds)
      expect(judgement).toEqual({ verdict: 'none', answers: 0 });
  });

  test('finds answers right that could be those of one machine', () => {
    const lesson = written();
    lesson.get(0);
    lesson.run(1_000);
    expect(ap(reportOf(lesson)).judgement).toEqual({ verdict: 'linearizable', answers: 4 });
  });

  test('names who read what was old, when, and for how long it had been', () => {
    const lesson = written();
    const askedAt = lesson.cluster.time.now();
    lesson.get(1);
    lesson.run(1_000);
    const { judgement, figures } = ap(reportOf(lesson));
    if (judgement.verdict !== 'not linearizable') throw new Error(judgement.verdict);
    const { witness } = judgement;
    expect(witness).toMatchObject({ node: lesson.id(1), key: 'x', do: 'get', value: '"old"' });
    expect(witness.askedAt).toBeCloseTo(askedAt, 3);
    expect(witness.staleForMs).toBeGreaterThan(900);
    expect(figures.staleness.whole).toMatchObject({ reads: 1, stale: 1 });
  });

  test('takes for no proof what is nearer than clocks are known', () => {
    const lesson = new RegisterClass();
    lesson.run(100);
    lesson.put(0, 'new');
    lesson.run(SLACK_MS);
    lesson.get(1);
    lesson.run(1_000);
    expect(ap(reportOf(lesson)).judgement.verdict).toBe('linearizable');
  });

  test('is drawn with names, and lights what most were not told', () => {
    const lesson = written();
    lesson.get(1);
    lesson.get(2);
    lesson.run(1_000);
    const nodes = NAMES.map((name, i) => ({ name, id: lesson.id(i) }));
    const picture = registersPicture(reportOf(lesson), nodes, null, null);
    expect(picture.answers.map(({ name, told }) => [name, told.ap?.text, told.cp])).toEqual([
      ['Otter', 'new', null],
      ['Heron', 'old', null],
      ['Wren', 'nothing', null],
    ]);
    const { judgement } = picture.kinds.find(({ kind }) => kind === 'ap')!;
    expect(judgement.text).toMatch(/^(Heron read old|Wren read nothing) from x [\d.]+ (ms|s) after something newer was there\.$/); // prettier-ignore
    expect(judgement.times).toHaveLength(2);
  });
});

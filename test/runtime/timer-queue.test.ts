import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimerQueue, type Timer } from '../../src/runtime/timer-queue.ts';

test('TIMER-1 timers come out by deadline, equal ones in the order they were made', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (deadlines) => {
      const queue = new TimerQueue();
      const called: number[] = [];
      deadlines.forEach((deadline, i) => queue.add(deadline, () => called.push(i)));
      queue.runDue(5);
      const expected = deadlines.map((deadline, i) => ({ deadline, i }));
      expected.sort((a, b) => a.deadline - b.deadline || a.i - b.i);
      expect(called).toEqual(expected.map(({ i }) => i));
    }),
  );
});

test('TIMER-1 the queue agrees with a sorted list whatever is added, cancelled and taken', () => {
  const steps = fc.array(
    fc.oneof(
      // Mostly adding, so that the heap grows deep enough for its branches to differ.
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('add' as const), deadline: fc.nat(99) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), now: fc.nat(99) }) },
    ),
    { maxLength: 200, size: 'max' },
  );
  fc.assert(
    fc.property(steps, (run) => {
      const queue = new TimerQueue();
      const made: Timer[] = [];
      let model: Timer[] = [];
      for (const step of run) {
        if (step.do === 'add') {
          const timer = queue.add(step.deadline, () => {});
          made.push(timer);
          model.push(timer);
          model.sort((a, b) => a.deadline - b.deadline || a.order - b.order);
        } else if (step.do === 'cancel' && made.length > 0) {
          const timer = made[step.which % made.length]!;
          queue.cancel(timer);
          model = model.filter((other) => other !== timer);
        } else if (step.do === 'take') {
          const expected = model[0] && model[0].deadline <= step.now ? model.shift() : undefined;
          expect(queue.takeDue(step.now)).toBe(expected);
        }
        expect(queue.size).toBe(model.length);
        expect(queue.nextDeadline).toBe(model[0]?.deadline ?? null);
      }
      const rest = model.map(() => queue.takeDue(Infinity));
      expect(rest.map((timer) => timer?.order)).toEqual(model.map(({ order }) => order));
    }),
  );
});

test('TIMER-2 what a call adds waits for the next run, even if it is due', () => {
  const queue = new TimerQueue();
  const called: string[] = [];
  queue.add(1, () => {
    called.push('first');
    queue.add(5, () => called.push('added'));
  });
  queue.add(5, () => called.push('second'));
  queue.runDue(5);
  expect(called).toEqual(['first', 'second']);
  queue.runDue(5);
  expect(called).toEqual(['first', 'second', 'added']);
});

test('TIMER-3 a timer cancelled by an earlier one of the same run is not called', () => {
  const queue = new TimerQueue();
  const called: string[] = [];
  queue.add(1, () => queue.cancel(second));
  const second = queue.add(2, () => called.push('second'));
  queue.runDue(9);
  queue.cancel(second);
  expect(called).toEqual([]);
  expect(queue.size).toBe(0);
});

test('TIMER-3 a cleared queue calls nothing, and cancelling what was in it does no harm', () => {
  const queue = new TimerQueue();
  const old = queue.add(1, () => expect.unreachable());
  queue.clear();
  queue.add(1, () => {});
  queue.cancel(old);
  expect(queue.size).toBe(1);
});

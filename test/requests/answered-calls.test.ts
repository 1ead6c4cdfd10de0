import { expect, test } from 'vitest';
import { AnsweredCalls, MAX_REMEMBERED } from '../../src/requests/answered-calls.ts';
import { loneNode } from '../support/lone-node.ts';
import { SlowDisk } from '../support/slow-disk.ts';

const CALLS = Array.from({ length: MAX_REMEMBERED + 1 }, (_, i) => `call ${i}`);

test.each(['memory', 'disk'])('REQ-4 in %s the newest are remembered, and no more', (where) => {
  const answered = new AnsweredCalls(
    where === 'disk' ? loneNode(1, new SlowDisk()).protocol.host.store : null,
  );
  for (const call of CALLS) answered.keep(call, null);
  expect(answered.size).toBe(MAX_REMEMBERED);
  // An answer of null is one, too.
  expect([CALLS[0]!, CALLS[1]!, CALLS.at(-1)!].map((call) => answered.get(call))).toEqual([
    undefined,
    null,
    null,
  ]);
});

test('REQ-3 on a disk they outlive the life, and the oldest is still forgotten first', () => {
  const disk = new SlowDisk();
  const inLife = (life: number) => new AnsweredCalls(loneNode(life, disk).protocol.host.store);
  const before = inLife(1);
  for (const call of CALLS.slice(0, -1)) before.keep(call, call);
  disk.finishAll();

  const after = inLife(2);
  expect(after.size).toBe(MAX_REMEMBERED);
  after.keep('one more', 1);
  disk.finishAll();
  const last = inLife(3);
  expect([last.get(CALLS[0]!), last.get(CALLS[1]!), last.get('one more')]).toEqual([
    undefined,
    CALLS[1],
    1,
  ]);
});

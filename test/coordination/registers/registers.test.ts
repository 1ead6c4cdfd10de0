import { describe, expect, test } from 'vitest';
import { UNKNOWN } from '../../../src/coordination/outcome.ts';
import { isKey, isValue, MAX_VALUE_LENGTH } from '../../../src/coordination/registers/cell.ts';
import { ASK_AGAIN_MS, MAX_OPEN, TIMEOUT_MS } from '../../../src/coordination/registers/client.ts';
import { TakenRequests, WINDOW } from '../../../src/coordination/registers/taken-requests.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { DELAY_MS, RegisterClass } from '../../support/register-class.ts';

const THERE_AND_BACK = 2 * DELAY_MS + 5;

describe('a request', () => {
  test('REGISTER-1 ends once, after the call, at the own node and at another', () => {
    const mesh = new RegisterClass();
    const own = mesh.put(0, 'a');
    const other = mesh.put(0, 'b', { at: mesh.id(1) });
    expect([own, other]).toEqual([[], []]);
    mesh.run(2 * TIMEOUT_MS);
    expect([own, other]).toEqual([[{ ok: true, mark: 1 }], [{ ok: true, mark: 1 }]]);
    expect(mesh.cells.map(({ puts }) => puts)).toEqual([['a'], ['b'], []]);
  });

  test('REGISTER-2 a put that is not answered is unknown, a read is refused; neither waits longer than six seconds', () => {
    const mesh = new RegisterClass();
    mesh.cells[1]!.mode = 'silent';
    const [put, get] = [mesh.put(0, 'a', { at: mesh.id(1) }), mesh.get(0, { at: mesh.id(1) })];
    mesh.run(TIMEOUT_MS - 100);
    expect([put, get]).toEqual([[], []]);
    mesh.run(200);
    expect(put).toEqual([UNKNOWN]);
    expect(get).toMatchObject([{ ok: false, reason: 'no-answer' }]);
  });

  test('REGISTER-2 what the backend refuses is refused, with its reason', () => {
    const mesh = new RegisterClass();
    mesh.cells[1]!.mode = 'refuses';
    const put = mesh.put(0, 'a', { at: mesh.id(1) });
    mesh.run(THERE_AND_BACK);
    expect(put).toEqual([{ ok: false, reason: 'full', why: 'It is full.' }]);
  });

  test('REGISTER-3 who cannot be reached is not asked', () => {
    const mesh = new RegisterClass();
    mesh.cluster.unlink(0, 1);
    mesh.run(0);
    const told = mesh.put(0, 'a', { at: mesh.id(1) });
    mesh.run(1);
    expect(told).toMatchObject([{ ok: false, reason: 'unreachable' }]);
    mesh.run(TIMEOUT_MS);
    expect(mesh.cells[1]!.puts).toEqual([]);
  });

  test('REGISTER-3 when the link closes nothing is waited for', () => {
    const mesh = new RegisterClass();
    mesh.cells[1]!.mode = 'silent';
    const [put, get] = [mesh.put(0, 'a', { at: mesh.id(1) }), mesh.get(0, { at: mesh.id(1) })];
    mesh.run(50);
    mesh.cluster.unlink(0, 1);
    mesh.run(DELAY_MS);
    expect(put).toEqual([UNKNOWN]);
    expect(get).toMatchObject([{ ok: false, reason: 'no-answer' }]);
  });

  test('REGISTER-4 what is no key or no value is refused, and nothing is noted', () => {
    const mesh = new RegisterClass();
    const long = 'x'.repeat(MAX_VALUE_LENGTH - 1);
    const told = [mesh.put(0, 'a', {}, ''), mesh.put(0, long), mesh.put(0, '\ud800')];
    mesh.run(10);
    expect(told).toMatchObject([
      [{ ok: false, reason: 'bad-key' }],
      [{ ok: false, reason: 'bad-value' }],
      [{ ok: false, reason: 'bad-value' }],
    ]);
    expect(mesh.notes('asked')).toEqual([]);
    expect([isKey('x'.repeat(64)), isKey('x'.repeat(65))]).toEqual([true, false]);
    expect(isValue('x'.repeat(MAX_VALUE_LENGTH - 2))).toBe(true);
  });

  test('REGISTER-4 a value is what it was when it was put', () => {
    const mesh = new RegisterClass();
    const value = { list: [1] };
    mesh.put(0, value);
    value.list.push(2);
    mesh.run(THERE_AND_BACK);
    expect(mesh.cells[0]!.puts).toEqual([{ list: [1] }]);
  });

  test('too many at once are refused, and those before are not', () => {
    const mesh = new RegisterClass();
    mesh.cells[1]!.mode = 'silent';
    const told = Array.from({ length: MAX_OPEN + 1 }, () => mesh.put(0, 'a', { at: mesh.id(1) }));
    mesh.run(1);
    expect(told.at(-1)).toMatchObject([{ ok: false, reason: 'busy' }]);
    expect(told.slice(0, -1).flat()).toEqual([]);
  });

  test('REGISTER-5 what a link doubles is done once', () => {
    const mesh = new RegisterClass();
    mesh.cluster.setRules([{ from: mesh.id(0), to: mesh.id(1), duplicate: 1 }]);
    mesh.put(0, 'a', { at: mesh.id(1) });
    mesh.run(TIMEOUT_MS);
    expect(mesh.cells[1]!.puts).toEqual(['a']);
  });

  test('REGISTER-5 of one client and life, each number counts once; a later life begins anew', () => {
    const [id, taken] = [testNodeId(1), new TakenRequests()];
    expect([taken.take(id, 1, 2), taken.take(id, 1, 1), taken.take(id, 1, 2)]).toEqual([true, true, false]); // prettier-ignore
    expect([taken.take(id, 2, 2), taken.take(id, 1, 3)]).toEqual([true, false]);
    expect([taken.take(id, 2, WINDOW + 2), taken.take(id, 2, 1)]).toEqual([true, false]);
    expect(taken.take(id, 2, 3)).toBe(true);
  });

  test('REGISTER-6 the own client hears of nothing that a crash could still undo', () => {
    const mesh = new RegisterClass({ maxWriteMs: 2_000 });
    const told = mesh.put(0, 'a');
    mesh.run(0);
    expect(mesh.cells[0]!.puts).toEqual(['a']);
    expect(told).toEqual([]);
    mesh.run(2_500);
    expect(told).toEqual([{ ok: true, mark: 1 }]);
  });
});

describe('a client that goes from node to node', () => {
  test('REGISTER-7 with no fix it is told something older than it wrote', () => {
    const mesh = new RegisterClass();
    mesh.put(0, 'new', { at: mesh.id(1) });
    mesh.run(THERE_AND_BACK);
    const read = mesh.get(0, { at: mesh.id(2) });
    mesh.run(THERE_AND_BACK);
    expect(read).toEqual([{ ok: true, value: null, mark: 0 }]);
  });

  test('REGISTER-8 sticky: it stays where it was first, and is refused when that one is gone', () => {
    const mesh = new RegisterClass();
    const session = mesh.registers(0).newSession();
    mesh.put(0, 'new', { at: mesh.id(1), fix: 'sticky', session });
    mesh.run(THERE_AND_BACK);
    const read = mesh.get(0, { at: mesh.id(2), fix: 'sticky', session });
    mesh.run(THERE_AND_BACK);
    expect(read).toEqual([{ ok: true, value: 'new', mark: 1 }]);
    mesh.cluster.unlink(0, 1);
    mesh.run(0);
    const again = mesh.get(0, { at: mesh.id(2), fix: 'sticky', session });
    mesh.run(THERE_AND_BACK);
    expect(again).toMatchObject([{ ok: false, reason: 'unreachable' }]);
  });

  test('REGISTER-9 floor: who is behind refuses, and the next is asked', () => {
    const mesh = new RegisterClass();
    mesh.put(0, 'new', { at: mesh.id(1), fix: 'floor' });
    mesh.run(THERE_AND_BACK);
    const read = mesh.get(0, { at: mesh.id(2), fix: 'floor' });
    mesh.run(3 * THERE_AND_BACK);
    expect(read).toEqual([{ ok: true, value: 'new', mark: 1 }]);
    expect(mesh.notes('ended').at(-1)).toMatchObject({ by: mesh.id(1), outcome: 'ok' });
  });

  test('REGISTER-9 floor: it waits for somebody to catch up', () => {
    const mesh = new RegisterClass();
    mesh.put(0, 'new', { at: mesh.id(1), fix: 'floor' });
    mesh.run(THERE_AND_BACK);
    mesh.cluster.unlink(0, 1);
    mesh.run(0);
    const read = mesh.get(0, { at: mesh.id(2), fix: 'floor' });
    mesh.run(1_000);
    expect(read).toEqual([]);
    Object.assign(mesh.cells[2]!, { value: 'new', version: 1 });
    mesh.run(ASK_AGAIN_MS + THERE_AND_BACK);
    expect(read).toEqual([{ ok: true, value: 'new', mark: 1 }]);
  });

  test('REGISTER-9 floor: in the end it is refused, and nothing was put', () => {
    const mesh = new RegisterClass();
    mesh.put(0, 'new', { at: mesh.id(1), fix: 'floor' });
    mesh.run(THERE_AND_BACK);
    mesh.cluster.unlink(0, 1);
    mesh.run(0);
    const put = mesh.put(0, 'newer', { at: mesh.id(2), fix: 'floor' });
    mesh.run(TIMEOUT_MS + 100);
    expect(put).toMatchObject([{ ok: false, reason: 'behind' }]);
    expect(mesh.cells.map(({ puts }) => puts)).toEqual([[], ['new'], []]);
  });

  test('REGISTER-9 floor: another client has none', () => {
    const mesh = new RegisterClass();
    mesh.put(0, 'new', { at: mesh.id(1), fix: 'floor' });
    mesh.run(THERE_AND_BACK);
    const session = mesh.registers(0).newSession();
    const read = mesh.get(0, { at: mesh.id(2), fix: 'floor', session });
    mesh.run(THERE_AND_BACK);
    expect(read).toEqual([{ ok: true, value: null, mark: 0 }]);
  });
});

describe('what is noted, and asked by itself', () => {
  test('REGISTER-10 what was asked stands before how it ended', () => {
    const mesh = new RegisterClass();
    mesh.put(0, { a: 1 }, { at: mesh.id(1), fix: 'sticky' });
    mesh.run(THERE_AND_BACK);
    mesh.get(0, {}, 'quorum');
    mesh.run(5);
    const session = `${mesh.id(0)}/1/1`;
    expect(mesh.notes('asked')).toEqual([
      { op: 1, kind: 'ap', key: 'x', do: 'put', value: '{"a":1}', at: mesh.id(1), fix: 'sticky', session }, // prettier-ignore
      { op: 2, kind: 'quorum', key: 'x', do: 'get', at: mesh.id(0), fix: 'none', session },
    ]);
    expect(mesh.notes('ended')).toEqual([
      { op: 1, by: mesh.id(1), outcome: 'ok', mark: '1' },
      { op: 2, by: mesh.id(0), outcome: 'ok', value: 'null', mark: '0' },
    ]);
  });

  test('REGISTER-11 a load asks the same of all three kinds, and another takes its place', () => {
    const mesh = new RegisterClass();
    const load = { perSecond: 10, keys: 2, reads: 0.5, hop: true, fix: 'none' } as const;
    mesh.cluster.members[0]!.node.step(() => mesh.registers(0).drive(load));
    mesh.run(10_000);
    const asked = mesh.notes('asked');
    const of = (kind: string) =>
      asked
        .filter((note) => note['kind'] === kind)
        .map(({ do: what, key, value }) => ({ what, key, value }));
    expect(of('cp').length).toBeGreaterThan(80);
    expect(of('cp').length).toBeLessThan(120);
    expect(of('ap')).toEqual(of('cp'));
    expect(of('quorum')).toEqual(of('cp'));
    const values = of('ap').flatMap(({ value }) => value ?? []);
    expect(new Set(values).size).toBe(values.length);
    expect(new Set(of('ap').map(({ key }) => key))).toEqual(new Set(['r1', 'r2']));
    expect(new Set(asked.map(({ at }) => at)).size).toBe(3);
    mesh.cluster.members[0]!.node.step(() => mesh.registers(0).drive(null));
    mesh.run(10_000);
    expect(mesh.notes('asked')).toHaveLength(asked.length);
    expect(mesh.registers(0).inspect()).toEqual({ open: 0, coordinating: 0, askedByItself: of('ap').length }); // prettier-ignore
  });
});

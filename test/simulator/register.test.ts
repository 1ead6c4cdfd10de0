import { expect, test } from 'vitest';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel } from '../../src/checkers/models.ts';
import { parseKeyValueHistory } from '../../src/checkers/parse-history.ts';
import { writeKeyValueHistory } from '../../src/checkers/write-history.ts';
import { registerScenario } from '../../src/simulator/scenarios/register.ts';
import { Sessions, type Answer } from '../../src/simulator/scenarios/sessions.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { loneNode } from '../support/lone-node.ts';
import { testNodeId } from '../support/node-ids.ts';
import { SlowDisk } from '../support/slow-disk.ts';

const SEEDS = Array.from({ length: 30 }, (_, seed) => seed);

test('SIM-13 clients meet every command and every outcome, and what they record is linearizable', () => {
  const met = new Set<string>();
  for (const seed of SEEDS) {
    const { history, violations } = simulate(registerScenario, 5, seed);
    for (const { action, outcome } of history) met.add(`${action.kind} ${outcome}`);
    expect(violations).toEqual([]);
    // The liveness phase has asked something of everyone.
    const finals = history.filter(({ action }) =>
      /final/.test(`${'value' in action && action.value}`),
    );
    expect(finals.filter(({ action }) => action.kind === 'write')).toHaveLength(5);
  }
  const both = ['ok', 'unknown'].flatMap((outcome) => ['read', 'write', 'cas'].map((kind) => `${kind} ${outcome}`)); // prettier-ignore
  expect([...met].sort()).toEqual([...both, 'cas fail'].sort());
});

test('SIM-13 a recorded history can be written down, read again and judged again', () => {
  for (const seed of SEEDS) {
    const parsed = parseKeyValueHistory(
      writeKeyValueHistory(simulate(registerScenario, 5, seed).history),
    );
    if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.problem}`);
    expect(parsed.history.length).toBeGreaterThan(0);
    expect(checkLinearizability(parsed.history, keyValueModel).verdict).toBe('linearizable');
  }
});

test('SIM-13 a command that is sent again is executed once, over a crash too', () => {
  const [client, other] = [testNodeId(1), testNodeId(2)];
  const executed: string[] = [];
  const sessionsOver = (disk: SlowDisk, life: number) => {
    const { store } = loneNode(life, disk).protocol.host;
    return (who: typeof client, inLife: number, number: number) => {
      const name = `${who} ${inLife} ${number}`;
      const execute = (): Answer => ({ done: true, value: `${executed.push(name)}` });
      const answer = new Sessions(store).once(who, { life: inLife, number }, execute);
      disk.finishAll();
      return answer?.value;
    };
  };
  const disk = new SlowDisk();
  const before = sessionsOver(disk, 1);
  expect([before(client, 1, 1), before(client, 1, 2), before(client, 1, 2)]).toEqual(['1', '2', '2']); // prettier-ignore
  // The client has given it up and asked another: nobody waits for it.
  expect(before(client, 1, 1)).toBeUndefined();

  const after = sessionsOver(disk, 2);
  expect([after(client, 1, 2), after(other, 1, 1), after(client, 2, 1)]).toEqual(['2', '3', '4']); // prettier-ignore
  expect(after(client, 1, 3)).toBeUndefined();
  expect(executed).toHaveLength(4);
});

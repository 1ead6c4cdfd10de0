import { describe, expect, it } from 'vitest';
import { Edits } from '../../../client/teacher/edits.svelte.ts';

interface Values {
  loss?: number;
  latencyMs?: number;
}

describe('MESH-8 a change that the teacher has let go of', () => {
  it('is sent at once, and shown until the server has it', async () => {
    const sent: Values[] = [];
    let answer: (problem: string | null) => void = () => {};
    const edits = new Edits<Values>(
      () => ({ loss: 0.1 }),
      (values) => {
        sent.push(values);
        return new Promise((done) => (answer = done));
      },
    );
    const done = edits.set({ loss: 0.3 });
    expect({ sent, shown: edits.shown }).toEqual({ sent: [{ loss: 0.3 }], shown: { loss: 0.3 } });
    answer(null);
    await done;
    expect(edits.shown).toEqual({ loss: 0.1 });
  });

  it('stays as it was set if it is refused, and goes with the next one', async () => {
    const sent: Values[] = [];
    const answers = ['Too much.', null];
    const edits = new Edits<Values>(
      () => ({}),
      (values) => {
        sent.push(values);
        return Promise.resolve(answers.shift()!);
      },
    );
    await edits.set({ loss: 9 });
    expect({ problem: edits.problem, shown: edits.shown }).toEqual({
      problem: 'Too much.',
      shown: { loss: 9 },
    });
    await edits.set({ latencyMs: 20 });
    expect(sent).toEqual([{ loss: 9 }, { loss: 9, latencyMs: 20 }]);
    expect(edits.problem).toBeNull();
  });
});

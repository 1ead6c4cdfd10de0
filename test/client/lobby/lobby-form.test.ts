import { describe, expect, it } from 'vitest';
import { LobbyForm } from '../../../client/lobby/lobby-form.svelte.ts';
import type { FoundRoom, LobbyActions } from '../../../client/session/lobby.ts';
import { REFUSALS } from '../../../src/wire/refusals.ts';
import { CODE } from '../../browser/gallery/names.ts';

const KEY = '0123456789abcdef0123456789abcdef';

function lobby(room: Partial<FoundRoom> = {}) {
  const asked: string[] = [];
  const gone: string[] = [];
  const actions: LobbyActions = {
    createRoom: () => Promise.resolve({ ok: true, value: { code: CODE, key: KEY } }),
    findRoom(code) {
      asked.push(code);
      const value = { code, name: 'Class', locked: false, full: false, ended: false, ...room };
      return Promise.resolve({ ok: true, value });
    },
  };
  return { form: new LobbyForm(actions, (path) => gone.push(path)), asked, gone };
}

describe('the lobby', () => {
  it('takes a code in lower case, with spaces and dashes', async () => {
    const { form, gone } = lobby();
    form.typed = ' k7m-h ta';
    await form.join();
    expect(gone).toEqual([`/r/${CODE}`]);
  });

  it('asks the server nothing about what cannot be a code', async () => {
    const { form, asked, gone } = lobby();
    form.typed = 'k7m0th';
    await form.join();
    expect(asked).toEqual([]);
    expect(gone).toEqual([]);
    expect(form.joinProblem).toMatch(/“k7m0th” is not a code/);
  });

  it.each([
    [{ ended: true }, REFUSALS['room-ended']],
    [{ locked: true }, REFUSALS['room-locked']],
    [{ full: true }, REFUSALS['room-full']],
  ])('stays and says why when the room is %o', async (room, sentence) => {
    const { form, gone } = lobby(room);
    form.typed = CODE;
    await form.join();
    expect(form.joinProblem).toBe(sentence);
    expect(gone).toEqual([]);
  });

  it('goes to the teacher’s page of a new room with its key in the fragment', async () => {
    const { form, gone } = lobby();
    await form.make();
    expect(gone).toEqual([`/r/${CODE}/teach#${KEY}`]);
  });
});

import { LobbyForm } from '../../../client/lobby/lobby-form.svelte.ts';
import type { LobbyActions } from '../../../client/session/lobby.ts';
import { REFUSALS } from '../../../src/wire/refusals.ts';

const unknown = { ok: false, problem: REFUSALS['unknown-room'] } as const;
const actions: LobbyActions = {
  createRoom: () => Promise.resolve(unknown),
  findRoom: () => Promise.resolve(unknown),
};

function form(change: (form: LobbyForm) => void): () => LobbyForm {
  return () => {
    const made = new LobbyForm(actions, () => {});
    change(made);
    return made;
  };
}

export const LOBBIES: ReadonlyMap<string, () => LobbyForm> = new Map([
  ['start', form(() => {})],
  [
    'not-a-code',
    form((it) => {
      it.typed = 'k7-m0th';
      void it.join();
    }),
  ],
  [
    'no-such-room',
    form((it) => {
      it.typed = 'k7 mhta';
      void it.join();
    }),
  ],
  ['no-more-rooms', form((it) => (it.makeProblem = REFUSALS['too-many-rooms']))],
]);

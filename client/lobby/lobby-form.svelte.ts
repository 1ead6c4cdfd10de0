import { ROOM_ENDED_TEXT, ROOM_FULL_TEXT, ROOM_LOCKED_TEXT } from '../../src/wire/refusals.ts';
import { parseRoomCode } from '../../src/vocabulary.ts';
import type { LobbyActions } from '../session/lobby.ts';

/** What is typed and asked in the lobby. `go` leaves it for a page of a room. */
export class LobbyForm {
  typed = $state('');
  busy = $state<'making' | 'joining' | null>(null);
  makeProblem = $state<string | null>(null);
  joinProblem = $state<string | null>(null);
  readonly #actions: LobbyActions;
  readonly #go: (path: string) => void;

  constructor(actions: LobbyActions, go: (path: string) => void) {
    this.#actions = actions;
    this.#go = go;
  }

  async make(): Promise<void> {
    if (this.busy !== null) return;
    this.busy = 'making';
    this.makeProblem = null;
    const made = await this.#actions.createRoom();
    this.busy = null;
    if (made.ok) this.#go(`/r/${made.value.code}/teach#${made.value.key}`);
    else this.makeProblem = made.problem;
  }

  async join(): Promise<void> {
    if (this.busy !== null) return;
    const code = parseRoomCode(this.typed);
    if (code === undefined) {
      this.joinProblem =
        this.typed.trim() === ''
          ? 'Type the six letters and digits that your teacher shows.'
          : `“${this.typed.trim()}” is not a code. A code has six letters and digits, and never 0, 1, 2, 5, 8, B, I, L, O, Q, S or Z.`;
      return;
    }
    this.busy = 'joining';
    this.joinProblem = null;
    const found = await this.#actions.findRoom(code);
    this.busy = null;
    if (!found.ok) this.joinProblem = found.problem;
    else if (found.value.ended) this.joinProblem = ROOM_ENDED_TEXT;
    else if (found.value.locked) this.joinProblem = ROOM_LOCKED_TEXT;
    else if (found.value.full) this.joinProblem = ROOM_FULL_TEXT;
    else this.#go(`/r/${code}`);
  }
}

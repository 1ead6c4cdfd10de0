import type { StudentActions, StudentSnapshot } from '../session/snapshots.ts';
import { shortcut } from '../ui/shortcut.ts';

/** On a phone, one part of the page at a time; on other screens the lab, or all but the lab. */
export const PARTS = [
  { part: 'me', label: 'Me' },
  { part: 'mesh', label: 'Mesh' },
  { part: 'say', label: 'Say' },
  { part: 'lab', label: 'Lab' },
] as const;
export type Part = (typeof PARTS)[number]['part'];

/** The longest message of the box; anything longer is better said in two. */
export const MAX_SAY_LENGTH = 280;

/** What the student's page itself remembers: nothing of the network, only of the reader. */
export class StudentDesk {
  part = $state<Part>('me');
  helpOpen = $state(false);
  /** Looks at the room from above, if the teacher allows it. */
  above = $state(false);
  draft = $state('');
  readonly #actions: () => StudentActions;
  readonly #snapshot: () => StudentSnapshot;

  constructor(actions: () => StudentActions, snapshot: () => StudentSnapshot) {
    this.#actions = actions;
    this.#snapshot = snapshot;
  }

  get plugged(): boolean {
    return this.#snapshot().self.plugged;
  }

  /** Not while the teacher holds it. */
  togglePlug(): void {
    if (this.#snapshot().orders.unplugged) return;
    if (this.plugged) this.#actions().unplug();
    else this.#actions().plug();
  }

  toggleLab(): void {
    this.part = this.part === 'lab' ? 'me' : 'lab';
  }

  say(): void {
    const text = this.draft.trim();
    if (text === '') return;
    this.#actions().broadcast(text);
    this.draft = '';
  }

  key(event: KeyboardEvent): void {
    if (this.#snapshot().phase.at !== 'inside') return;
    const key = shortcut(event);
    if (key === 'p') this.togglePlug();
    else if (key === 'l') this.toggleLab();
    else if (key === '?') this.helpOpen = true;
    else return;
    event.preventDefault();
  }
}

import type { TeacherActions, TeacherSnapshot } from '../session/snapshots.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { Announcer } from '../ui/announcer.svelte.ts';
import { shortcut } from '../ui/shortcut.ts';

/** What the teacher's page itself remembers: what is selected, what is open. */
export class TeacherDesk {
  selected = $state<string | null>(null);
  /** The link under the pointer or chosen in the list; see `linkKey`. */
  link = $state<string | null>(null);
  qrOpen = $state(false);
  helpOpen = $state(false);
  asTable = $state(false);
  /** Why the last removal failed, as a sentence. */
  problem = $state<string | null>(null);
  readonly announcer = new Announcer();
  readonly #actions: () => TeacherActions;
  readonly #snapshot: () => TeacherSnapshot;
  #known = new Map<NodeId, string>();
  /** The first roster is no news. */
  #greeted = false;

  constructor(actions: () => TeacherActions, snapshot: () => TeacherSnapshot) {
    this.#actions = actions;
    this.#snapshot = snapshot;
  }

  /** Pressing what is selected lets it go. */
  select(id: string | null): void {
    this.selected = this.selected === id ? null : id;
    this.link = null;
  }

  async remove(id: NodeId): Promise<void> {
    this.problem = await this.#actions().remove(id);
    if (this.problem === null && this.selected === id) this.selected = null;
  }

  /** Compares the roster with the last one and says aloud who came and who went. */
  watchRoster(): void {
    const { nodes, phase } = this.#snapshot();
    if (phase.at !== 'inside') return;
    const now = new Map(nodes.map((node) => [node.id, node.name]));
    if (this.#greeted) {
      for (const [id, name] of now) if (!this.#known.has(id)) this.announcer.note(name, 'joined');
      for (const [id, name] of this.#known) if (!now.has(id)) this.announcer.note(name, 'left');
    }
    this.#greeted = true;
    this.#known = now;
  }

  key(event: KeyboardEvent): void {
    if (this.#snapshot().phase.at !== 'inside') return;
    const key = shortcut(event);
    if (key === 'q') this.qrOpen = true;
    else if (key === 't') this.asTable = !this.asTable;
    else if (key === '?') this.helpOpen = true;
    else if (key === 'Escape') {
      this.selected = null;
      this.link = null;
    } else return;
    event.preventDefault();
  }
}

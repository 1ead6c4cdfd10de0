import type { ObservedNode, TeacherActions, TeacherSnapshot } from '../session/snapshots.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Chronicle } from '../../src/trace/chronicle.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { Announcer } from '../ui/announcer.svelte.ts';
import { RegisterWatch } from '../session/register-watch.svelte.ts';
import { shortcut } from '../ui/shortcut.ts';
import type { Seen } from '../session/sight.ts';
import { Instruments, type Tool } from './instruments.svelte.ts';
import { sheetOf, type ClassSheet } from './merge/class-sheet.ts';
import { Classic } from './merge/classic.svelte.ts';

const TOOL_KEYS: ReadonlyMap<string, Tool> = new Map([
  ['v', 'select'],
  ['w', 'wall'],
  ['l', 'lasso'],
  ['x', 'cut'],
  ['s', 'slow'],
  ['f', 'pause'],
]);

/** How the mesh is looked at: as a picture, as a table of its links, by what its nodes believe, by their logs, or by what becomes of registers. */
export type MeshHeroView = 'picture' | 'links' | 'beliefs' | 'logs' | 'registers';

/** What the page is given; each is what it is at the moment. */
export interface TeacherView {
  readonly actions: () => TeacherActions;
  readonly snapshot: () => TeacherSnapshot;
  /** From above. */
  readonly seen: () => Seen;
  readonly chronicle: () => Chronicle;
}

/** Times that were moved to and fro are still the same. */
const SAME_MS: Milliseconds = 0.01;

const NO_SHEET: ClassSheet = { rows: [], engines: [], groups: [] };

/** What the teacher's page itself remembers: what is selected, what is open. */
export class TeacherDesk {
  readonly instruments: Instruments;
  /** The link that a list of links points at; see `linkKey`. */
  link = $state<string | null>(null);
  /** What is selected in the space-time diagram. */
  event = $state.raw<TraceEvent | null>(null);
  /** What is shown there together with it. */
  second = $state.raw<TraceEvent | null>(null);
  qrOpen = $state(false);
  helpOpen = $state(false);
  view = $state<MeshHeroView>('picture');
  protocolsOpen = $state(false);
  electionsOpen = $state(false);
  registersOpen = $state(false);
  readonly registers: RegisterWatch;
  /** Why the last removal failed, as a sentence. */
  problem = $state<string | null>(null);
  /** The nodes that can take part in what is played. */
  readonly able = $derived.by(() => this.#snapshot().nodes.filter(takesPart));
  readonly sheet: ClassSheet = $derived.by(() => {
    const { scene, version } = this.#seen();
    return version === 0
      ? NO_SHEET
      : sheetOf(this.able, (id) => this.#chronicle().tallies.at(id, scene.at));
  });
  readonly classic: Classic;
  readonly announcer = new Announcer();
  readonly #actions: () => TeacherActions;
  readonly #snapshot: () => TeacherSnapshot;
  readonly #seen: () => Seen;
  readonly #chronicle: () => Chronicle;
  #known = new Map<NodeId, string>();
  /** The first roster is no news. */
  #greeted = false;

  constructor(view: TeacherView) {
    this.#actions = view.actions;
    this.#snapshot = view.snapshot;
    this.#seen = view.seen;
    this.#chronicle = view.chronicle;
    this.registers = new RegisterWatch(view.chronicle);
    this.instruments = new Instruments(() => view.seen().scene, view.actions);
    this.classic = new Classic(
      () => ({
        actions: this.#actions(),
        nodes: this.able,
        network: this.#snapshot().network,
        sheet: this.sheet,
      }),
      (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    );
  }

  async remove(id: NodeId): Promise<void> {
    this.problem = await this.#actions().remove(id);
    if (this.problem === null) this.instruments.selection.clear();
  }

  select(event: TraceEvent | null): void {
    [this.event, this.second] = [event, null];
  }

  /** What a line of the ticker names: one note, or the two that contradict each other. */
  showInTime(events: readonly TraceEvent[]): void {
    [this.event, this.second] = [events[0] ?? null, events[1] ?? null];
  }

  /** The notes of requests at these moments. False if they are no longer kept. */
  showRequest(times: readonly Milliseconds[]): boolean {
    const chronicle = this.#chronicle();
    const isNote = (event: TraceEvent) => event.type === 'note' && event.protocol === 'registers';
    const notes = times.flatMap(
      (at) => chronicle.between(at - SAME_MS, at + SAME_MS).find(isNote) ?? [],
    );
    if (notes.length > 0) this.showInTime(notes);
    return notes.length > 0;
  }

  /** Compares the roster with the last one and says aloud who came and who went. */
  watchRoster(): void {
    const { nodes, phase } = this.#snapshot();
    if (phase.at !== 'inside') return;
    const now = new Map(nodes.map((node) => [node.id, node.name]));
    this.instruments.selection.keep(new Set(now.keys()));
    if (this.#greeted) {
      for (const [id, name] of now) if (!this.#known.has(id)) this.announcer.note(name, 'joined');
      for (const [id, name] of this.#known) if (!now.has(id)) this.announcer.note(name, 'left');
    }
    this.#greeted = true;
    this.#known = now;
  }

  /** The same key leads there and back. */
  #look(at: MeshHeroView): void {
    this.view = this.view === at ? 'picture' : at;
  }

  key(event: KeyboardEvent): void {
    if (this.#snapshot().phase.at !== 'inside') return;
    if (this.#snapshot().server === 'connected' && isUndo(event)) {
      event.preventDefault();
      if (this.#snapshot().canUndo) void this.instruments.undo();
      return;
    }
    const key = shortcut(event);
    if (key === null) return;
    const tool = TOOL_KEYS.get(key);
    if (tool !== undefined) this.instruments.hold(tool);
    else if (key === 'h') void this.instruments.heal();
    else if (key === 'r') document.querySelector<HTMLElement>('[data-presets]')?.click();
    else if (key === 'q') this.qrOpen = true;
    else if (key === 't') this.#look('links');
    else if (key === 'b') this.#look('beliefs');
    else if (key === 'g') this.#look('logs');
    else if (key === 'n') this.#look('registers');
    else if (key === 'o') this.registersOpen = !this.registersOpen;
    else if (key === 'p') this.protocolsOpen = !this.protocolsOpen;
    else if (key === 'e') this.electionsOpen = !this.electionsOpen;
    else if (key === '?') this.helpOpen = true;
    else if (key === 'Escape') {
      this.instruments.letGo();
      this.link = null;
    } else return;
    event.preventDefault();
  }
}

function takesPart({ present, watched, state }: ObservedNode): boolean {
  const isAway = state === 'crashed' || state === 'paused' || state === 'unplugged';
  return present && watched && !isAway;
}

/** Ctrl+Z on the page; in a field that is being typed in it belongs to the field. */
function isUndo(event: KeyboardEvent): boolean {
  if (event.key.toLowerCase() !== 'z' || event.shiftKey || !(event.ctrlKey || event.metaKey))
    return false;
  const { target } = event;
  return !(target instanceof Element && target.closest('input, textarea, dialog'));
}

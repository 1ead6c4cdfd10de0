import type { NetworkDocument } from '../../../src/network/network-document.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import type { TeacherActions } from '../../session/snapshots.ts';
import { mostEdits, type ClassSheet } from './class-sheet.ts';
import { AHEAD_MS, planClassic, type ClassicPlan, type Story } from './classic-plan.ts';

/** Longer than boards take to be fetched over a slow network, and to agree over a lossy one. */
const WITHIN_MS: Milliseconds = 60_000;

const LOOK_EVERY_MS: Milliseconds = 250;

/** What the other side writes a moment later is later for everyone but the clock that is ahead. */
const MOMENT_MS: Milliseconds = 1_000;

/** So that a class sees the two sides stand apart. */
const APART_MS: Milliseconds = 4_000;

export interface ClassicWorld {
  readonly actions: Pick<TeacherActions, 'act' | 'condition' | 'partition' | 'heal'>;
  /** Those who take part, in the order in which they are shown. */
  readonly nodes: readonly { readonly id: NodeId; readonly name: string }[];
  readonly network: NetworkDocument;
  readonly sheet: ClassSheet;
}

interface Step {
  readonly says: string;
  /** Answers null, or the sentence that says why it cannot be done. */
  readonly run: () => Promise<string | null>;
}

export interface Progress {
  readonly steps: readonly string[];
  /** Which is under way. */
  readonly at: number;
}

/**
 * Plays the lesson of a lost write: all start from one board, one clock runs ahead, the class is split,
 * both sides edit the same things, and the split heals.
 */
export class Classic {
  /** Null while it is not played. */
  progress = $state.raw<Progress | null>(null);
  /** Why the last one was not played to its end, as a sentence. */
  problem = $state<string | null>(null);
  /** All steps of the last one are done. */
  done = $state(false);
  readonly #world: () => ClassicWorld;
  readonly #wait: (ms: Milliseconds) => Promise<void>;
  #stopped = false;

  /** @param world what is so at the moment */
  constructor(world: () => ClassicWorld, wait: (ms: Milliseconds) => Promise<void>) {
    this.#world = world;
    this.#wait = wait;
  }

  async play(): Promise<void> {
    const { nodes } = this.#world();
    if (this.progress !== null || nodes.length < 2) return;
    this.#stopped = false;
    this.problem = null;
    this.done = false;
    const plan = planClassic(
      nodes.map(({ id }) => id),
      this.#edits() === 0,
    );
    const steps = this.#steps(plan);
    const undo = this.#restore(plan.ahead);
    for (const [at, { run }] of steps.entries()) {
      this.progress = { steps: steps.map(({ says }) => says), at };
      this.problem = await run();
      if (this.problem !== null || this.#stopped) break;
    }
    this.done = this.problem === null && !this.#stopped;
    const left = await undo();
    this.problem ??= left;
    this.progress = null;
  }

  /** What was laid upon the class is taken away. */
  stop(): void {
    this.#stopped = true;
  }

  #steps(plan: ClassicPlan): readonly Step[] {
    const { one, other, ahead, opening, first, second } = plan;
    const name = (id: NodeId) => this.#nameOf(id);
    const everybody = [...one, ...other];
    const { actions } = this.#world();
    let before = 0;
    const noting = (run: () => Promise<string | null>) => () => {
      before = this.#edits();
      return run();
    };
    return [
      { says: 'Every tab opens the board', run: () => this.#opened(everybody) },
      { says: `The clock of ${name(ahead)} is set ${AHEAD_MS / 1_000} s ahead`, run: () => actions.condition({ id: ahead, wallOffsetMs: AHEAD_MS }) }, // prettier-ignore
      { says: `${name(opening.id)} writes on it`, run: noting(() => this.#tell([opening])) },
      { says: 'All have the same board', run: () => this.#agree(() => before + opening.deeds.length) }, // prettier-ignore
      { says: `The class is split, ${one.length} | ${other.length}`, run: () => actions.partition([one, other], 'cut') }, // prettier-ignore
      { says: `${name(ahead)} and its side edit`, run: noting(() => this.#tell(first)) },
      { says: `A moment later ${name(opening.id)} and its side edit the same`, run: async () => (await this.#pass(MOMENT_MS), this.#tell(second)) }, // prettier-ignore
      { says: 'Two boards: look at both', run: async () => (await this.#pass(APART_MS), null) },
      { says: 'The split heals', run: () => actions.heal() },
      { says: 'All have the same board again', run: () => this.#agree(() => before + written(first, second)) }, // prettier-ignore
    ];
  }

  /** A tab that has never been asked for its board fetches it first. */
  async #opened(ids: readonly NodeId[]): Promise<string | null> {
    let said: string | null = null;
    const isThere = async (id: NodeId) => {
      const answer = await this.#world().actions.act({ do: 'edit', id, deeds: [] });
      if (answer !== null) said = `${this.#nameOf(id)}: ${answer}`;
      return answer === null;
    };
    const missing = new Set(ids);
    const all = async () => {
      for (const id of missing) if (await isThere(id)) missing.delete(id);
      return missing.size === 0;
    };
    return (await this.#until(all)) ? null : said;
  }

  async #tell(stories: readonly Story[]): Promise<string | null> {
    const said = await Promise.all(
      stories.map(async ({ id, deeds }) => {
        const answer = await this.#world().actions.act({ do: 'edit', id, deeds: [...deeds] });
        return answer === null ? null : `${this.#nameOf(id)}: ${answer}`;
      }),
    );
    return said.find((each) => each !== null) ?? null;
  }

  async #agree(edits: () => number): Promise<string | null> {
    const all = () => {
      const { sheet, nodes } = this.#world();
      return sheet.groups[0]?.length === nodes.length && this.#edits() >= edits();
    };
    if (await this.#until(() => Promise.resolve(all()))) return null;
    return `The boards do not agree after ${WITHIN_MS / 1_000} s. Is somebody cut off, paused or gone?`;
  }

  /** False if it has not become so in time; true as well if it is stopped meanwhile. */
  async #until(check: () => Promise<boolean>): Promise<boolean> {
    for (let waited = 0; !this.#stopped; waited += LOOK_EVERY_MS) {
      if (await check()) return true;
      if (waited >= WITHIN_MS) return false;
      await this.#wait(LOOK_EVERY_MS);
    }
    return true;
  }

  async #pass(ms: Milliseconds): Promise<void> {
    for (let passed = 0; passed < ms && !this.#stopped; passed += LOOK_EVERY_MS)
      await this.#wait(LOOK_EVERY_MS);
  }

  /** The clock of before, and no link cut. */
  #restore(ahead: NodeId): () => Promise<string | null> {
    const { conditions } = this.#world().network;
    const wallOffsetMs = conditions.find(({ id }) => id === ahead)?.wallOffsetMs ?? 0;
    return async () => {
      const { actions, network, nodes } = this.#world();
      const healed = network.rules.length === 0 ? null : await actions.heal();
      const isHere = nodes.some(({ id }) => id === ahead);
      return healed ?? (isHere ? await actions.condition({ id: ahead, wallOffsetMs }) : null);
    };
  }

  #edits(): number {
    return Math.max(0, ...this.#world().sheet.rows.map(mostEdits));
  }

  #nameOf(id: NodeId): string {
    return this.#world().nodes.find((node) => node.id === id)?.name ?? 'Somebody who has left';
  }
}

function written(...sides: readonly (readonly Story[])[]): number {
  return sides.flat().reduce((sum, { deeds }) => sum + deeds.length, 0);
}

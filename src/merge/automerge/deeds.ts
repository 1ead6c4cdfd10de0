import type { Atom } from '../engine.ts';
import type { IntentId } from '../intent.ts';
import { readFieldName } from './field-name.ts';
import type { AutomergeLibrary, BoardDoc } from './library.ts';

type Heads = ReturnType<AutomergeLibrary['getHeads']>;

/** What one intent did: to what, and by which of Automerge's operations first. */
export interface Done {
  readonly name: string;
  readonly actor: string;
  readonly op: number;
  readonly intent: IntentId;
}

/** Whose changes are in the document, and which wait for their past. */
export class Deeds {
  private readonly touched = new Set<string>();
  private readonly increments = new Map<string, Atom[]>();
  private waiting: Done[] = [];
  /** Of the document, when it was last looked at. */
  private heads: Heads = [];
  private sorted: readonly string[] | null = [];

  /** How many are not in the document yet. */
  get pending(): number {
    return this.waiting.length;
  }

  /** The fields, and members of sets, that were ever touched. */
  get names(): readonly string[] {
    return (this.sorted ??= [...this.touched].sort());
  }

  /** A counter adds up all increments that it has heard of, and does not say which. */
  incrementsOf(name: string): readonly Atom[] {
    return this.increments.get(name) ?? [];
  }

  /** It has been handed to the document. Says which names that has changed. */
  add(done: Done, automerge: AutomergeLibrary, doc: BoardDoc): readonly string[] {
    this.waiting.push(done);
    const arrived = this.arrived(automerge, doc);
    for (const { name, intent } of arrived) {
      if (!this.touched.has(name)) this.sorted = null;
      this.touched.add(name);
      if (readFieldName(name).kind === 'counter') this.increment(name, intent);
    }
    return arrived.map(({ name }) => name);
  }

  /** Those whose past has come wait no longer; all, unless Automerge misses something. */
  private arrived(automerge: AutomergeLibrary, doc: BoardDoc): readonly Done[] {
    const { waiting, heads } = this;
    this.waiting = [];
    this.heads = automerge.getHeads(doc);
    if (automerge.getMissingDeps(doc, []).length === 0) return waiting;
    // Only what is new: what waits was not there before.
    const upTo = new Map<string, number>();
    for (const { actor, maxOp } of automerge.getChangesMetaSince(doc, heads))
      upTo.set(actor, Math.max(maxOp, upTo.get(actor) ?? 0));
    const isIn = ({ actor, op }: Done) => op <= (upTo.get(actor) ?? 0);
    this.waiting = waiting.filter((done) => !isIn(done));
    return waiting.filter(isIn);
  }

  /** In the order of their intents, as everywhere. */
  private increment(name: string, intent: IntentId): void {
    const atoms = this.increments.get(name) ?? [];
    this.increments.set(name, atoms);
    let at = atoms.length;
    while (at > 0 && atoms[at - 1]!.intent > intent) at -= 1;
    atoms.splice(at, 0, { intent, index: 0 });
  }
}

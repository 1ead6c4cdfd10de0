import { CausalOrder } from '../causal-order.ts';
import { contentBytes } from '../content-bytes.ts';
import type { Dot } from '../dot.ts';
import type { BoardValue, Conflict, Digest, EngineSize, MergeEngine, Operation, Provenance } from '../engine.ts'; // prettier-ignore
import { idOf, type Intent } from '../intent.ts';
import { OpLog, type Entry } from '../op-log.ts';
import { applyChange, changeBy } from './deeds.ts';
import { noFields } from './fields.ts';
import { Heads } from './heads.ts';
import { conflictsOf, provenanceOf, valueOf } from './shown.ts';
import {
  fromWire,
  pastFromWire,
  toWire,
  wireChangeSchema,
  type WireChange,
} from './wire-change.ts';

/**
 * The engine of conflict-free data types: each field is of the type that fits it, so that edits which
 * did not know of each other all have their effect, and nobody has to choose.
 *
 * An operation is a change and its past. It waits until it has the past, so the types may take it
 * for granted that causes come before effects. What waits is in the log too, so there are never more
 * than MAX_INTENTS of them.
 */
export class CrdtEngine implements MergeEngine {
  readonly name = 'crdt';
  private readonly log = new OpLog<WireChange>(wireChangeSchema);
  private readonly order: CausalOrder<Entry<WireChange>>;
  private readonly heads = new Heads();
  private readonly fields = noFields();

  constructor() {
    const needs = ({ content, author }: Entry<WireChange>) =>
      pastFromWire(content, author).map(idOf);
    this.order = new CausalOrder(needs, (entry) => this.perform(entry));
  }

  apply(intent: Intent): Operation | null {
    const { author, deed } = intent;
    const dot: Dot = { author, number: intent.number };
    const change = changeBy(this.fields, dot, deed);
    if (change === null) return null;
    const written = this.log.write(dot, toWire({ past: this.heads.dots, change }, author));
    if (written === null) return null;
    this.order.take(written.entry);
    return written.operation;
  }

  receive(operation: Operation): boolean {
    const entry = this.log.take(operation);
    if (typeof entry === 'object') this.order.take(entry);
    return entry !== 'refused';
  }

  digest(): Digest {
    return this.log.digest();
  }

  missing(digest: Digest): readonly Operation[] | null {
    return this.log.missing(digest);
  }

  value(): BoardValue {
    return valueOf(this.fields);
  }

  conflicts(): readonly Conflict[] {
    return conflictsOf(this.fields);
  }

  provenance(): readonly Provenance[] {
    return provenanceOf(this.fields);
  }

  size(): EngineSize {
    return {
      stateBytes: this.log.bytes,
      contentBytes: contentBytes(this.value()),
      pending: this.order.pending,
    };
  }

  private perform({ author, number, content }: Entry<WireChange>): void {
    const dot = { author, number };
    const { past, change } = fromWire(content, author);
    this.heads.add(dot, past);
    applyChange(this.fields, dot, change);
  }
}

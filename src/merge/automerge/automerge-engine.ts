import * as v from 'valibot';
import type { Atom, BoardValue, Conflict, Digest, EngineSize, EngineWorld, MergeEngine, Operation, Provenance } from '../engine.ts'; // prettier-ignore
import { contentBytes } from '../content-bytes.ts';
import { keyOf, MAX_TYPED_LENGTH, type Deed, type Intent, type Kind, type Replica } from '../intent.ts'; // prettier-ignore
import { OpLog, type Entry } from '../op-log.ts';
import { Deeds } from './deeds.ts';
import { birthOf, isBorn, objectOf, type BornKind } from './births.ts';
import { isFieldName, readFieldName } from './field-name.ts';
import type { AutomergeLibrary, BoardDoc } from './library.ts';
import { atomsIn, byField, conflictsIn, ROOT } from './made-of.ts';
import { changesAnything, nameOf, perform } from './perform.ts';
import { readBoard } from './read-board.ts';
import { typedInto } from './typed-into.ts';
import { WrittenOps } from './written.ts';

/**
 * Automerge, as an application would use it: one change an intent. It shows one of two concurrent
 * values and keeps both. The rules AUTOMERGE-1 to AUTOMERGE-6 stand in README.md.
 */

interface Content {
  /** The field, or member of a set, that it touches. */
  readonly name: string;
  /** The first operation that it writes, and how many. */
  readonly from: number;
  readonly count: number;
  readonly wide: readonly number[];
  readonly change: Uint8Array;
}

export class AutomergeEngine implements MergeEngine {
  readonly name = 'automerge';
  private readonly automerge: AutomergeLibrary;
  private doc: BoardDoc;
  private readonly log: OpLog<Content>;
  private readonly written = new WrittenOps();
  private readonly deeds = new Deeds();
  /** By name; of a name that is not here something has changed. */
  private readonly atoms = new Map<string, readonly Atom[]>();

  constructor({ self }: Pick<EngineWorld, 'self'>, automerge: AutomergeLibrary) {
    this.automerge = automerge;
    this.doc = automerge.init({ actor: actorOf(self) });
    this.log = new OpLog(contentSchema(automerge));
  }

  apply(intent: Intent): Operation | null {
    const { automerge } = this;
    const { deed } = intent;
    if (!changesAnything(this.doc, deed)) return null;
    const name = nameOf(deed);
    this.bear(name);
    // Whole seconds are all that Automerge keeps, and nothing depends on them.
    const time = Math.floor(intent.wall / 1_000);
    const before = { text: this.doc[name], atoms: this.atoms.get(name) };
    this.doc = automerge.change(this.doc, { time }, (draft) => perform(automerge, draft, deed));
    const change = automerge.getLastLocalChange(this.doc)!;
    const { ops, startOp } = automerge.decodeChange(change);
    const writes = ops.map(({ action }) => action !== 'del');
    const first = writes.indexOf(true);
    const written = this.log.write(intent, {
      name,
      from: startOp + Math.max(first, 0),
      count: writes.filter(Boolean).length,
      wide: ops.slice(Math.max(first, 0)).flatMap(({ value }, nth) => isWide(deed, value) ? [nth] : []), // prettier-ignore
      change,
    });
    if (written === null) return null;
    this.remember(written.entry);
    const after = typedInto(before, intent);
    if (after !== null) this.atoms.set(name, after);
    return written.operation;
  }

  receive(operation: Operation): boolean {
    const taken = this.log.take(operation, ({ content }) => this.canTake(content));
    if (taken === 'refused') return false;
    if (taken !== 'known') this.remember(taken);
    return true;
  }

  digest(): Digest {
    return this.log.digest();
  }

  missing(digest: Digest): readonly Operation[] | null {
    return this.log.missing(digest);
  }

  value(): BoardValue {
    return readBoard(this.automerge, this.doc, this.deeds.names);
  }

  conflicts(): readonly Conflict[] {
    return conflictsIn(this.automerge, this.doc, this.written, this.deeds.names);
  }

  provenance(): readonly Provenance[] {
    return byField(this.deeds.names, (name) => this.atomsOf(name));
  }

  size(): EngineSize {
    return {
      stateBytes: this.automerge.save(this.doc).length,
      contentBytes: contentBytes(this.value()),
      pending: this.deeds.pending,
    };
  }

  private take({ name, change }: Content): void {
    this.bear(name);
    [this.doc] = this.automerge.applyChanges(this.doc, [change]);
  }

  private canTake(content: Content): boolean {
    try {
      this.take(content);
      return true;
    } catch {
      // It can be read but does not fit its author's others, and has spoilt the document.
      this.makeAnew();
      return false;
    }
  }

  private makeAnew(): void {
    const actor = this.automerge.getActorId(this.doc);
    this.doc = this.automerge.init({ actor });
    for (const { content } of this.log.entries()) this.take(content);
  }

  /** Makes the object, if it is of a kind that has one and has none yet. */
  private bear(name: string): void {
    const { kind } = readFieldName(name);
    if (!isBornKind(kind) || isBorn(this.doc, name)) return;
    [this.doc] = this.automerge.applyChanges(this.doc, [birthOf(this.automerge, kind, name)]);
  }

  private remember({ author, id, content: { name, from, count, wide } }: Entry<Content>): void {
    const actor = actorOf(author);
    this.written.add(actor, { intent: id, from, count, wide });
    const done = { name, actor, op: from, intent: id };
    for (const changed of this.deeds.add(done, this.automerge, this.doc))
      this.atoms.delete(changed);
  }

  private atomsOf(name: string): readonly Atom[] {
    if (readFieldName(name).kind === 'counter') return this.deeds.incrementsOf(name);
    const { automerge, doc, written, atoms } = this;
    const known = atoms.get(name) ?? atomsIn(automerge, doc, written, name);
    atoms.set(name, known);
    return known;
  }
}

/** In hex, as Automerge wants it. */
function actorOf(replica: Replica): string {
  return Array.from(keyOf(replica), (letter) =>
    letter.charCodeAt(0).toString(16).padStart(2, '0'),
  ).join('');
}

function isBornKind(kind: Kind): kind is BornKind {
  return kind === 'counter' || kind === 'text' || kind === 'list';
}

/** A character of a text that takes two UTF-16 units. */
function isWide(deed: Deed, value: unknown): boolean {
  return deed.do === 'type' && typeof value === 'string' && value.length === 2;
}

/** What Automerge itself could not read is no operation: it throws in the middle of its work. */
function contentSchema(automerge: AutomergeLibrary): v.GenericSchema<unknown, Content> {
  const nth = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
  const few = v.pipe(nth, v.maxValue(MAX_TYPED_LENGTH));
  return v.pipe(
    v.object({
      name: v.pipe(v.string(), v.check(isFieldName)),
      from: nth,
      count: few,
      wide: v.pipe(v.array(few), v.maxLength(MAX_TYPED_LENGTH)),
      change: v.custom<Uint8Array>((value) => value instanceof Uint8Array),
    }),
    v.check(({ name, change }) => touchesOnly(automerge, name, change), 'no such change'),
  );
}

/** Else what is known of a field could not be kept until the next change of it. */
function touchesOnly(automerge: AutomergeLibrary, name: string, change: Uint8Array): boolean {
  const object = objectOf(name);
  try {
    const { ops } = automerge.decodeChange(change);
    return ops.every(({ obj, key }) => obj === object || (obj === ROOT && key === name));
  } catch {
    return false;
  }
}

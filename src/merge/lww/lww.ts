import * as v from 'valibot';
import { CausalOrder } from '../causal-order.ts';
import { contentBytes } from '../content-bytes.ts';
import { intentIdSchema } from '../dot.ts';
import type { BoardValue, Conflict, Digest, EngineName, EngineSize, EngineWorld, MergeEngine, Operation, Provenance } from '../engine.ts'; // prettier-ignore
import { deedSchema, idOf, kindOf, type Deed, type Intent, type IntentId } from '../intent.ts';
import { OpLog, type Entry } from '../op-log.ts';
import { boardOf, compareFields, provenanceOf, type ShownField } from '../whole/board.ts';
import { fieldOf, isSameField } from '../whole/field.ts';
import { carryOut, type Pieces } from '../whole/pieces.ts';
import { Versions } from '../whole/versions.ts';
import { Cell } from './cell.ts';
import { ItemCells } from './item-cells.ts';
import type { Stamp, Stamping } from './stamp.ts';

/**
 * Last write wins: each cell holds what was written with the highest stamp. Simple, and the same
 * everywhere in the end; what has a lower stamp is gone without a word, and it is not always the
 * earlier one. The rules LWW-1 to LWW-7 stand in README.md.
 */
export class LastWriteWins implements MergeEngine {
  readonly name: EngineName;
  private readonly stamping: Stamping;
  private readonly world: EngineWorld;
  private readonly log: OpLog<Content>;
  private readonly order = new CausalOrder<Write>(readBy, (write) => this.perform(write));
  private readonly versions: Versions<Write, Version>;
  private readonly cells = new Map<string, Cell>();
  private readonly sets = new Map<string, ItemCells>();

  constructor(stamping: Stamping, world: EngineWorld) {
    this.name = stamping.engine;
    this.stamping = stamping;
    this.world = world;
    const at = stamping.schema;
    this.log = new OpLog(v.object({ at, over: v.nullable(intentIdSchema), deed: deedSchema }));
    this.versions = new Versions({
      write: (id) => this.log.read(id)!,
      reads: readBy,
      make: ({ id, content: { deed } }, [read]) => {
        const before = read !== undefined && isSameField(read.deed, deed) ? read.pieces : [];
        return { deed, pieces: carryOut(deed, id, before) };
      },
    });
  }

  apply(intent: Intent): Operation | null {
    const { deed } = intent;
    const present = this.cells.get(fieldOf(deed));
    if (kindOf(deed) !== 'set') {
      const before = present?.pieces ?? [];
      if (carryOut(deed, idOf(intent), before) === before) return null;
    }
    const { physical, logical } = this.stamping.stamp(intent, this.world);
    const over = isReadModifyWrite(deed) ? (present?.written ?? null) : null;
    const written = this.log.write(intent, { at: [physical, logical], over, deed });
    if (written === null) return null;
    this.order.take(written.entry);
    return written.operation;
  }

  receive(operation: Operation): boolean {
    const entry = this.log.take(operation);
    if (typeof entry === 'string') return entry === 'known';
    this.stamping.heard(stampOf(entry).time, this.world);
    this.order.take(entry);
    return true;
  }

  digest(): Digest {
    return this.log.digest();
  }

  missing(digest: Digest): readonly Operation[] | null {
    return this.log.missing(digest);
  }

  value(): BoardValue {
    return boardOf(this.fields());
  }

  /** Nobody is told that there was one. */
  conflicts(): readonly Conflict[] {
    return [];
  }

  provenance(): readonly Provenance[] {
    return provenanceOf(this.fields());
  }

  size(): EngineSize {
    return {
      stateBytes: this.log.bytes,
      contentBytes: contentBytes(this.value()),
      pending: this.order.pending,
    };
  }

  private perform(write: Write): void {
    const { id, content: { deed } } = write; // prettier-ignore
    const stamp = stampOf(write);
    const field = fieldOf(deed);
    if (deed.do === 'add' || deed.do === 'remove') {
      let set = this.sets.get(field);
      if (set === undefined) this.sets.set(field, (set = new ItemCells(deed.key)));
      if (deed.do === 'add') set.add(deed.item, stamp, id);
      else set.remove(deed.item, stamp);
      return;
    }
    let cell = this.cells.get(field);
    if (cell === undefined) this.cells.set(field, (cell = new Cell(kindOf(deed), deed.key)));
    cell.write(id, stamp, () => this.versions.of(id).pieces);
  }

  private fields(): readonly ShownField[] {
    return [...this.cells.values(), ...this.sets.values()].sort(compareFields);
  }
}

/** What a write tells: when, what of, and what was done. */
interface Content {
  readonly at: readonly [physical: number, logical: number];
  /** The write whose value it read and changed; null if it read none. */
  readonly over: IntentId | null;
  readonly deed: Deed;
}
type Write = Entry<Content>;

interface Version {
  readonly deed: Deed;
  readonly pieces: Pieces;
}

function readBy({ content: { over } }: Write): readonly IntentId[] {
  return over === null ? [] : [over];
}

/** A value is written whatever was there before, and so is each item of a set. */
function isReadModifyWrite(deed: Deed): boolean {
  return !['value', 'set'].includes(kindOf(deed));
}

function stampOf({ author, number, content: { at } }: Write): Stamp {
  return { time: { physical: at[0], logical: at[1] }, author, number };
}

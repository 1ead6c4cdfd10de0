import * as v from 'valibot';
import { CausalOrder } from '../causal-order.ts';
import { contentBytes } from '../content-bytes.ts';
import { intentIdSchema } from '../dot.ts';
import type { BoardValue, Conflict, Digest, EngineSize, MergeEngine, Operation, Provenance } from '../engine.ts'; // prettier-ignore
import { deedSchema, idOf, type Deed, type Intent, type IntentId } from '../intent.ts';
import { MAX_REPLICAS, OpLog, type Entry } from '../op-log.ts';
import { boardOf, compareFields, provenanceOf } from '../whole/board.ts';
import { fieldOf, isSameField } from '../whole/field.ts';
import { carryOut } from '../whole/pieces.ts';
import { Versions } from '../whole/versions.ts';
import { pastOf, SiblingField, type Sibling } from './sibling.ts';

/**
 * Siblings, as in Dynamo and Riak: concurrent values stay beside each other until somebody who has
 * read them all writes one in their place. Nothing is ever lost; to make sense of it is left to
 * whoever reads. The rules SIBLING-1 to SIBLING-7 stand in README.md.
 */
export class Siblings implements MergeEngine {
  readonly name = 'siblings';
  private readonly log = new OpLog(contentSchema);
  private readonly order = new CausalOrder<Write>(readBy, (write) => this.perform(write));
  private readonly versions = new Versions<Write, Version>({
    write: (id) => this.log.read(id)!,
    reads: readBy,
    make: versionOf,
  });
  private readonly fields = new Map<string, SiblingField>();

  apply(intent: Intent): Operation | null {
    const { deed } = intent;
    const { siblings, pieces: read } = this.field(deed);
    if (carryOut(deed, idOf(intent), read) === read) return null;
    const written = this.log.write(intent, { over: siblings.map(idOf), deed });
    if (written === null) return null;
    this.order.take(written.entry);
    return written.operation;
  }

  receive(operation: Operation): boolean {
    const entry = this.log.take(operation);
    if (typeof entry === 'string') return entry === 'known';
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
    return boardOf(this.shown());
  }

  conflicts(): readonly Conflict[] {
    return this.shown()
      .filter(({ siblings }) => siblings.length > 1)
      .map(({ kind, key, siblings }) => ({ kind, key, between: siblings.map(idOf) }));
  }

  provenance(): readonly Provenance[] {
    return provenanceOf(this.shown());
  }

  size(): EngineSize {
    return {
      stateBytes: this.log.bytes,
      contentBytes: contentBytes(this.value()),
      pending: this.order.pending,
    };
  }

  private perform({ id, content: { deed } }: Write): void {
    this.fields.set(fieldOf(deed), this.field(deed).with(this.versions.of(id)));
  }

  private field(deed: Deed): SiblingField {
    return this.fields.get(fieldOf(deed)) ?? new SiblingField(deed, []);
  }

  private shown(): readonly SiblingField[] {
    return [...this.fields.values()].sort(compareFields);
  }
}

const contentSchema = v.object({
  /** The siblings that it read, and takes the place of. */
  over: v.pipe(v.array(intentIdSchema), v.maxLength(MAX_REPLICAS)),
  deed: deedSchema,
});
type Write = Entry<v.InferOutput<typeof contentSchema>>;

interface Version extends Sibling {
  readonly deed: Deed;
}

function readBy({ content: { over } }: Write): readonly IntentId[] {
  return over;
}

function versionOf(write: Write, read: readonly Version[]): Version {
  const { id, author, number, content: { deed } } = write; // prettier-ignore
  // What is not of this field was named by mistake or in malice.
  const siblings = read.filter((version) => isSameField(version.deed, deed));
  const { pieces } = new SiblingField(deed, siblings);
  return { author, number, deed, past: pastOf(siblings), pieces: carryOut(deed, id, pieces) };
}

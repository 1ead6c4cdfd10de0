import * as v from 'valibot';
import * as Y from 'yjs';
import { decodeBody, encodeBody } from '../../wire/body.ts';
import { crc32 } from '../../wire/crc32.ts';
import { checkOf, REFUSED } from '../../wire/schema-check.ts';
import type {
  BoardValue,
  Conflict,
  Digest,
  EngineSize,
  EngineWorld,
  MergeEngine,
  Operation,
  Provenance,
} from '../engine.ts';
import { contentBytes } from '../content-bytes.ts';
import { MAX_INTENTS, MAX_TYPED_LENGTH, type Deed, type Intent } from '../intent.ts';
import { MAX_OPERATION_BYTES } from '../op-log.ts';
import { BoardDoc } from './board-doc.ts';
import { clientOf } from './client-of.ts';
import { DeedLog } from './deed-log.ts';
import { madeOf } from './made-of.ts';
import { tupleOf } from '../tuple-of.ts';

/**
 * Yjs, as an application would use it: updates are told at once, and state vectors find what is
 * missing. Its map keeps the write of the higher client and drops the other. The rules YJS-1 to YJS-7
 * stand in README.md.
 */

const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);
/** What is told of intents, and an update. */
const checkOperation = checkOf(tupleOf(v.array(bytes), bytes));
/** Yjs's state vector, a checksum of what is deleted, of which the vector says nothing, and the deeds. */
const checkDigest = checkOf(tupleOf(bytes, v.number(), bytes));

const HERE = Symbol('made here');

export class YjsEngine implements MergeEngine {
  readonly name = 'yjs';
  private readonly board: BoardDoc;
  private readonly deeds = new DeedLog();
  private readonly client: number;
  private update: Uint8Array | null = null;
  private digested: Digest | null = null;

  constructor({ self }: Pick<EngineWorld, 'self'>) {
    this.client = clientOf(self);
    this.board = new BoardDoc(this.client);
    this.board.doc.on('update', (update: Uint8Array, origin: unknown) => {
      this.digested = null;
      if (origin === HERE) this.update = update;
    });
  }

  apply(intent: Intent): Operation | null {
    const { doc } = this.board;
    const from = Y.getState(doc.store, this.client);
    const deed = wellFormed(intent.deed);
    const afresh = deed.do === 'increment' && !this.board.counters.has(deed.key);
    this.update = null;
    doc.transact(() => this.board.perform(deed), HERE);
    // Set by the listener while the transaction ended.
    const update = this.update as Uint8Array | null;
    if (update === null) return null;
    const count = Y.getState(doc.store, this.client) - from;
    const told = this.deeds.write(intent, { from, count, afresh });
    return encodeBody([told === null ? [] : [told], update]);
  }

  receive(operation: Operation): boolean {
    const body = decodeBody(operation);
    const read = body.ok ? checkOperation(body.value) : REFUSED;
    if (read === REFUSED) return false;
    const [told, update] = read as [Uint8Array[], Uint8Array];
    if (!isUpdate(update)) return false;
    if (!told.every((deed) => this.deeds.take(deed))) return false;
    this.digested = null;
    Y.applyUpdate(this.board.doc, update);
    return true;
  }

  digest(): Digest {
    const { doc } = this.board;
    this.digested ??= encodeBody([Y.encodeStateVector(doc), this.deletions(), this.deeds.digest()]);
    return this.digested;
  }

  missing(digest: Digest): readonly Operation[] | null {
    const body = decodeBody(digest);
    const read = body.ok ? checkDigest(body.value) : REFUSED;
    if (read === REFUSED) return null;
    const [vector, deletions, deedsThere] = read as [Uint8Array, number, Uint8Array];
    const states = readStateVector(vector);
    const told = this.deeds.missing(deedsThere);
    if (states === null || told === null) return null;
    const { doc } = this.board;
    const lacks = [...Y.decodeStateVector(Y.encodeStateVector(doc))].some(
      ([client, state]) => state > (states.get(client) ?? 0),
    );
    const isBehind = lacks || doc.store.pendingStructs !== null;
    if (!isBehind && told.length === 0 && deletions === this.deletions()) return [];
    return [
      ...inParts(told).map((part) => encodeBody([part, NOTHING])),
      ...updatesSince(doc, states).map((update) => encodeBody([[], update])),
    ];
  }

  value(): BoardValue {
    return this.board.value();
  }

  /** Yjs keeps one and forgets the other: there is nothing to show. */
  conflicts(): readonly Conflict[] {
    return [];
  }

  provenance(): readonly Provenance[] {
    return madeOf(this.board, this.deeds);
  }

  size(): EngineSize {
    const { doc } = this.board;
    const waiting = this.deeds.waiting((client) => Y.getState(doc.store, client));
    return {
      stateBytes: Y.encodeStateAsUpdate(doc).length,
      contentBytes: contentBytes(this.value()),
      // Of deletions that wait Yjs keeps one bundle.
      pending: waiting + (doc.store.pendingDs === null ? 0 : 1),
    };
  }

  private deletions(): number {
    const deleted = Y.createDeleteSetFromStructStore(this.board.doc.store);
    const written = Y.encodeSnapshot(Y.createSnapshot(deleted, new Map()));
    return crc32(written, 0, written.length);
  }
}

/** A client's items: as many as may be typed at once, as often as there may be edits. */
const MAX_CLOCK = MAX_INTENTS * MAX_TYPED_LENGTH;

/** Yjs throws in the middle of what it cannot read or count, so it is read once before. */
function isUpdate(update: Uint8Array): boolean {
  try {
    const { structs, ds } = Y.decodeUpdate(update);
    return (
      structs.every(isStruct) &&
      [...ds.clients].every(([client, deleted]) =>
        deleted.every(({ clock, len }) => isRun({ client, clock }, len)),
      )
    );
  } catch {
    return false;
  }
}

/** What stands between, or in, what comes after it cannot be put anywhere. */
function isStruct(struct: Y.AbstractStruct): boolean {
  const { id, length } = struct;
  if (!isRun(id, length)) return false;
  if (!(struct instanceof Y.Item)) return true;
  const { origin, rightOrigin, parent } = struct;
  return [origin, rightOrigin, parent]
    .filter((other) => other instanceof Y.ID)
    .every((other) => isRun(other, 1) && (other.client !== id.client || other.clock < id.clock));
}

function isRun({ client, clock }: { client: number; clock: number }, length: number): boolean {
  return Number.isSafeInteger(client) && length >= 1 && clock + length <= MAX_CLOCK;
}

function readStateVector(vector: Uint8Array): Map<number, number> | null {
  try {
    return Y.decodeStateVector(vector);
  } catch {
    return null;
  }
}

/** What Yjs writes is one update; where that is too long for an operation, one of each client's. */
function updatesSince(doc: Y.Doc, states: ReadonlyMap<number, number>): Uint8Array[] {
  const whole = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(new Map(states)));
  if (whole.length <= MAX_OPERATION_BYTES) return [whole];
  const own = Y.decodeStateVector(Y.encodeStateVector(doc));
  return Array.from(own.keys(), (client) => {
    const othersKnown = new Map(own).set(client, states.get(client) ?? 0);
    return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(othersKnown));
  });
}

function inParts(told: readonly Operation[]): Operation[][] {
  const parts: Operation[][] = [];
  let room = 0;
  for (const deed of told) {
    if (deed.length > room) {
      parts.push([]);
      room = MAX_OPERATION_BYTES / 2;
    }
    parts.at(-1)!.push(deed);
    room -= deed.length;
  }
  return parts;
}

/** An update of nothing. */
const NOTHING = Uint8Array.of(0, 0);

/** Half a character outlives no encoding: everybody has to begin with what the others will read. */
function wellFormed(deed: Deed): Deed {
  const entries = Object.entries(deed).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value,
  ]);
  return Object.fromEntries(entries) as Deed;
}

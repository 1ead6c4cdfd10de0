import type { EngineName } from '../engine.ts';
import { areConcurrent, idOf, knows, type Intent, type IntentId } from '../intent.ts';
import { timesOn, type AtomCounts, type IntentRecord } from './record.ts';

/** Who is asked for: of the same cell, in one engine, with what the board shows now. */
export class Cell {
  readonly engine: EngineName;
  readonly records: IntentRecord[];
  private readonly board: AtomCounts;
  private readonly byId = new Map<IntentId, IntentRecord>();
  private standing: readonly IntentRecord[] | undefined;

  constructor(engine: EngineName, board: AtomCounts, first: IntentRecord) {
    this.engine = engine;
    this.board = board;
    this.records = [];
    this.add(first);
  }

  add(record: IntentRecord): void {
    this.records.push(record);
    this.byId.set(idOf(record.intent), record);
    this.standing = undefined;
  }

  /** Those that the board shows something of. */
  top(): readonly IntentRecord[] {
    const { engine, board } = this;
    return (this.standing ??= this.records.filter((record) => stands(record, engine, board)));
  }

  /** Of whom it took something. */
  beneath({ effects }: IntentRecord): readonly IntentRecord[] {
    const took = effects.get(this.engine)?.took ?? [];
    return took.flatMap(({ intent }) => this.byId.get(intent) ?? []);
  }
}

/**
 * Which write stands in the place of a lost one, and had not seen it. Between them others may have
 * come that had seen both, so it is looked for from what is on the board now, down through what that
 * took and built upon.
 *
 * A write that its own author's board never showed lost against one that it had seen, by a clock; that
 * may be one that only takes and found nothing to take when it came. Any other lost against one that
 * neither had seen of the other. Null if nothing of the kind is known here.
 */
export function eraserOf({ intent: lost, effects }: IntentRecord, cell: Cell): Intent | null {
  const isRival = (other: Intent) => areConcurrent(lost, other);
  const isPast = (other: Intent) => knows(lost.seen, other) && other !== lost;
  const intentsOf = (records: readonly IntentRecord[]) => records.map(({ intent }) => intent);
  const wasShown = effects.get(cell.engine)!.shown;
  const [first, second] = wasShown ? [isRival, isPast] : [isPast, isRival];
  const idle = cell.records.filter((record) => isIdle(record, cell.engine));
  const laterIdle = intentsOf(idle).filter((other) => isPast(other) && byWall(other, lost) > 0);
  return (
    (wasShown ? null : likeliest(lost, laterIdle)) ??
    nearest(lost, cell, first) ??
    nearest(lost, cell, second) ??
    likeliest(lost, intentsOf(cell.records).filter(isRival)) ??
    likeliest(lost, intentsOf(idle).filter(isPast))
  );
}

/** It put nothing on the board and found nothing to take; where clocks decide it still takes what is stamped earlier. */
function isIdle({ effects }: IntentRecord, engine: EngineName): boolean {
  const effect = effects.get(engine);
  return effect !== undefined && effect.made === 0 && effect.took.length === 0;
}

/** Whose edit kept something on the board that this intent had taken: one that had not seen it. */
export function restorerOf(taker: Intent, cell: Cell): Intent | null {
  return nearest(taker, cell, (other) => areConcurrent(taker, other));
}

/** The first that fits, from what stands downwards. */
function nearest(lost: Intent, cell: Cell, fits: (intent: Intent) => boolean): Intent | null {
  let level = cell.top();
  const met = new Set(level);
  while (level.length > 0) {
    const found = likeliest(lost, level.map(({ intent }) => intent).filter(fits));
    if (found !== null) return found;
    level = level
      .flatMap((record) => cell.beneath(record))
      .filter((record) => !met.has(record) && met.add(record));
  }
  return null;
}

/** Something of it is on the board, or it only took, and what it took is gone. */
function stands(record: IntentRecord, engine: EngineName, board: AtomCounts): boolean {
  const effect = record.effects.get(engine);
  if (effect === undefined) return false;
  if (effect.made > 0) return board.has(idOf(record.intent));
  return effect.took.length > 0 && effect.took.every((atom) => timesOn(board, atom) === 0);
}

/** By the clocks, which is what most engines go by: the first that came later, else the last of all. */
function likeliest(lost: Intent, candidates: readonly Intent[]): Intent | null {
  const sorted = [...candidates].sort(byWall);
  return sorted.find((other) => byWall(other, lost) > 0) ?? sorted.at(-1) ?? null;
}

/** An order on which all nodes agree. */
export function byWall(a: Intent, b: Intent): number {
  if (a.wall !== b.wall) return a.wall - b.wall;
  const [idA, idB] = [idOf(a), idOf(b)];
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}

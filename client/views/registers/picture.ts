import type { RegisterKind } from '../../../src/network/register-kinds.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/** The same registers built three ways, as far as their users and their copies tell. */
export interface RegistersPicture {
  readonly kinds: readonly KindPicture[];
  /** Which register the copies are of; null before there is one. */
  readonly key: string | null;
  readonly keys: readonly string[];
  readonly copies: readonly NodeCopies[];
}

/** What users on one side of a partition, or in the whole class, met. */
export interface SideFigures {
  readonly name: string;
  readonly answered: number;
  readonly refused: number;
  /** Nobody has said what came of it. */
  readonly unknown: number;
  readonly p50Ms: Milliseconds | null;
  readonly p99Ms: Milliseconds | null;
}

export interface KindPicture {
  readonly kind: RegisterKind;
  /** How it is set up, in a few words. */
  readonly about: string;
  /** While nothing parted the class. */
  readonly whole: SideFigures;
  /** While it was split, side by side; none if it never was. */
  readonly sides: readonly SideFigures[];
  readonly reads: number;
  readonly staleReads: number;
  readonly bytesEach: number | null;
  readonly judgement: Judgement;
  readonly sessions: readonly SessionVerdict[];
  readonly pacelc: { readonly name: string; readonly because: string } | null;
}

/** Whether all answers could be those of one machine. */
export interface Judgement {
  readonly state: 'none' | 'judging' | 'linearizable' | 'broken' | 'undecided';
  /** In a sentence, what shows it. */
  readonly text: string;
  /** The moment that shows it, where there is one. */
  readonly at: Milliseconds | null;
}

export interface SessionVerdict {
  readonly name: string;
  readonly broken: number;
}

export interface NodeCopies {
  readonly id: string;
  readonly name: string;
  /** On which side of the wall; 0 while there is none. */
  readonly side: number;
  /** By kind; null for a node that keeps none. */
  readonly values: Readonly<Record<RegisterKind, CopyPicture | null>>;
}

export interface CopyPicture {
  readonly text: string;
  /** Others have another value. */
  readonly differs: boolean;
  /** It keeps it for a node that could not be reached. */
  readonly standsIn: boolean;
}

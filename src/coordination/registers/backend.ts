import type { RegisterKind } from '../../network/register-kinds.ts';
import type { Json } from '../../vocabulary.ts';
import type { OnEnd } from '../outcome.ts';

/**
 * What a register is built on. `onEnd` hears once how a request ended; marks are in the words of the
 * backend, and say what was written or read, and what whoever answered knew then.
 */
export interface RegisterBackend {
  /** Null is nothing: to put it is to delete. Once it is done, it is so over any crash that leaves the disk. */
  put(key: string, value: Json, onEnd: OnEnd): void;
  /** A read is answered or refused, never unknown. */
  get(key: string, onEnd: OnEnd): void;
  /** Had whoever answered with `mark` seen all that `floor` stands for? */
  covers(mark: Json, floor: Json): boolean;
  /** What a client remembers that has now also written, or seen, what is marked so. */
  raised(floor: Json | null, mark: Json): Json;
}

export type RegisterBackends = { readonly [Kind in RegisterKind]: RegisterBackend };

import type { RegisterFix } from '../../network/register-kinds.ts';
import type { Cancel } from '../../runtime/host.ts';
import type { NodeId } from '../../vocabulary.ts';
import type { OnEnd } from '../outcome.ts';
import type { Asked } from './messages.ts';
import type { Session } from './session.ts';

/** What a client asks for, without how new it has to be. */
export type Wanted = Asked extends infer One
  ? One extends Asked
    ? Omit<One, 'floor'>
    : never
  : never;

/** What it may say beside it. */
export interface AskOptions {
  /** Who is to answer: this node itself unless another is named; `any`: whoever chance names. */
  readonly at?: NodeId | 'own' | 'any';
  readonly fix?: RegisterFix;
  /** The client's only one, unless it has several. */
  readonly session?: Session;
}

/** A request until it ends. */
export interface Open {
  readonly number: number;
  readonly wanted: Wanted;
  readonly fix: RegisterFix;
  readonly session: Session;
  readonly onEnd: OnEnd;
  /** Whom it waits for; null while it waits for time to pass. */
  asking: NodeId | null;
  /** The number of the attempt that it waits for. */
  attempt: number;
  /** Who said in this round that they are behind. */
  readonly behind: Set<NodeId>;
  cancelTimeout: Cancel;
}

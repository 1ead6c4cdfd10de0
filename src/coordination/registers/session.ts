import type { RegisterKind } from '../../network/register-kinds.ts';
import type { Json, NodeId } from '../../vocabulary.ts';
import type { RegisterBackends } from './backend.ts';

/** Registers that one client remembers something of; the one that it used longest ago is forgotten first. */
export const MAX_FLOORS = 256;

/** One client, and what it remembers to get nothing older than it had. */
export class Session {
  readonly name: string;
  /** Whom it stays with, if it does. */
  home: NodeId | null = null;
  private readonly floors = new Map<string, Json>();

  constructor(name: string) {
    this.name = name;
  }

  /** How new its next answer has to be; null if it has neither written nor read. */
  floor(kind: RegisterKind, key: string): Json {
    return this.floors.get(`${kind}/${key}`) ?? null;
  }

  saw(backends: RegisterBackends, kind: RegisterKind, key: string, mark: Json): void {
    const id = `${kind}/${key}`;
    const raised = backends[kind].raised(this.floors.get(id) ?? null, mark);
    this.floors.delete(id);
    this.floors.set(id, raised);
    if (this.floors.size > MAX_FLOORS) this.floors.delete(this.floors.keys().next().value!);
  }
}

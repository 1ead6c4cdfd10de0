import type { TraceEvent } from '../trace/event.ts';

/** Per kind of statement: hours of a busy log. The oldest are forgotten first. */
export const MAX_STATEMENTS = 20_000;

interface Statement<Value> {
  readonly value: Value;
  readonly event: TraceEvent;
  isDisputed: boolean;
}

/** What all have to agree on, subject by subject: whoever spoke first, and who contradicts. */
export class FirstSaid<Subject, Value> {
  private readonly statements = new Map<Subject, Statement<Value>>();
  private readonly most: number;

  constructor(most = MAX_STATEMENTS) {
    this.most = most;
  }

  /** The event that said another thing before; told once for a subject. */
  contradicted(subject: Subject, value: Value, event: TraceEvent): TraceEvent | null {
    const first = this.statements.get(subject);
    if (first === undefined) {
      if (this.statements.size === this.most) this.forgetOldest();
      this.statements.set(subject, { value, event, isDisputed: false });
      return null;
    }
    if (first.value === value || first.isDisputed) return null;
    first.isDisputed = true;
    return first.event;
  }

  private forgetOldest(): void {
    const [oldest] = this.statements.keys();
    this.statements.delete(oldest!);
  }
}

import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { CatchUp, type Fed } from '../spacetime/catch-up.ts';
import { Meters } from './meters.ts';

/** Meters that follow a chronicle while somebody looks at them. */
export class LiveMeters implements Fed {
  private readonly chronicle: Chronicle;
  private readonly catchUp = new CatchUp([this]);
  private meters: Meters;

  constructor(chronicle: Chronicle) {
    this.chronicle = chronicle;
    this.meters = new Meters(chronicle);
  }

  caughtUp(): Meters {
    this.catchUp.look(this.chronicle.rows());
    return this.meters;
  }

  reset(): void {
    this.meters = new Meters(this.chronicle);
  }

  take(event: TraceEvent): void {
    this.meters.add(event);
  }
}

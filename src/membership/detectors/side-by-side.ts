import { DEFAULT_CHOICES, DETECTORS, type DetectorName } from '../../network/room-choices.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import { AdaptiveDetector } from './adaptive.ts';
import type { FailureDetector, Working } from './detector.ts';
import { FixedDetector } from './fixed.ts';
import { PhiDetector } from './phi.ts';
import { SwimDetector } from './swim.ts';

/** All detectors, which see the same all the time so that they can be compared. One of them is believed. */
export class Detectors {
  readonly swim = new SwimDetector();
  private readonly byName: { readonly [Name in DetectorName]: FailureDetector } = {
    swim: this.swim,
    phi: new PhiDetector(),
    adaptive: new AdaptiveDetector(),
    fixed: new FixedDetector(),
  };
  private readonly all: readonly FailureDetector[] = DETECTORS.map((name) => this.byName[name]);
  private chosen: FailureDetector = this.byName[DEFAULT_CHOICES.detector];

  use(name: DetectorName): void {
    this.chosen = this.byName[name];
  }

  get used(): DetectorName {
    return this.chosen.name;
  }

  watch(id: NodeId, now: Milliseconds): void {
    for (const detector of this.all) detector.watch(id, now);
  }

  heard(id: NodeId, now: Milliseconds): void {
    for (const detector of this.all) detector.heard(id, now);
  }

  beat(id: NodeId, now: Milliseconds, everyMs: Milliseconds): void {
    for (const detector of this.all) detector.beat(id, now, everyMs);
  }

  excuse(gapMs: Milliseconds, now: Milliseconds): void {
    for (const detector of this.all) detector.excuse(gapMs, now);
  }

  forget(id: NodeId): void {
    for (const detector of this.all) detector.forget(id);
  }

  /** The chosen one does. */
  suspects(id: NodeId, now: Milliseconds): boolean {
    return this.chosen.suspects(id, now);
  }

  /** Why the chosen one thinks what it thinks. */
  reason(id: NodeId, now: Milliseconds): string {
    return this.chosen.working(id, now)!.reason;
  }

  /** One a detector, the chosen one first; empty for one that is not watched. */
  workings(id: NodeId, now: Milliseconds): readonly Working[] {
    const others = this.all.filter((detector) => detector !== this.chosen);
    return [this.chosen, ...others].flatMap((detector) => detector.working(id, now) ?? []);
  }
}

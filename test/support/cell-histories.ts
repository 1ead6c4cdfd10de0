import fc from 'fast-check';
import type { Operation, Outcome } from '../../src/checkers/history.ts';
import type { Cell, CellAction, Model } from '../../src/checkers/models.ts';

type CellOperation = Operation<CellAction>;

/** Few values and little time, so that operations overlap and agree often. */
const INSTANTS = 16;

const cells = fc.constantFrom<Cell>(null, '1', '2');
const texts = fc.constantFrom('1', '2');

/** A read has no answer yet. */
const requests: fc.Arbitrary<CellAction> = fc.oneof(
  fc.constant<CellAction>({ key: 'k', kind: 'read' }),
  fc.record({ key: fc.constant('k'), kind: fc.constant('write' as const), value: texts }),
  fc.record({ key: fc.constant('k'), kind: fc.constant('append' as const), value: texts }),
  fc.record({ key: fc.constant('k'), kind: fc.constant('cas' as const), from: cells, to: texts }),
  fc.constant<CellAction>({ key: 'k', kind: 'delete' }),
);

/** Mostly writes, of which few are read: what is left out must not be missed. */
const crowdedRequests: fc.Arbitrary<CellAction> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      key: fc.constant('k'),
      kind: fc.constant('write' as const),
      value: fc.constantFrom('1', '2', '3', '4'),
    }),
  },
  { weight: 2, arbitrary: fc.constant<CellAction>({ key: 'k', kind: 'read' }) },
  { weight: 1, arbitrary: requests },
);

const outcomes = fc.constantFrom<Outcome>('ok', 'ok', 'ok', 'fail', 'unknown');

/** Anything at all, explainable or not. */
export function anyHistory(maxLength: number): fc.Arbitrary<CellOperation[]> {
  return historyOf(requests, maxLength);
}

export function crowdedHistory(maxLength: number): fc.Arbitrary<CellOperation[]> {
  return historyOf(crowdedRequests, maxLength);
}

function historyOf(
  asked: fc.Arbitrary<CellAction>,
  maxLength: number,
): fc.Arbitrary<CellOperation[]> {
  const operation = fc
    .tuple(asked, outcomes, cells, fc.nat(INSTANTS), fc.nat(INSTANTS / 2))
    .map(([request, outcome, answer, calledAt, duration]): CellOperation => {
      const isAnswered = request.kind === 'read' && outcome === 'ok';
      return {
        process: 'p',
        action: isAnswered ? { ...request, value: answer } : request,
        outcome,
        calledAt,
        returnedAt: outcome === 'unknown' ? Infinity : calledAt + duration,
      };
    });
  return fc.array(operation, { maxLength });
}

/**
 * What a correct service could have answered: each operation takes effect at an instant of its own,
 * between its call and its return.
 */
export function explainableHistory(
  model: Model<Cell, CellAction>,
  maxLength: number,
): fc.Arbitrary<CellOperation[]> {
  const step = fc.record({
    request: requests,
    isUnknown: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    takesEffect: fc.boolean(),
    before: fc.nat(30),
    after: fc.nat(30),
  });
  return fc.array(step, { maxLength }).map((steps) => {
    let state = model.initial;
    return steps.map(({ request, isUnknown, takesEffect, before, after }, i) => {
      const instant = 10 * i;
      const at = { process: 'p', calledAt: instant - before };
      if (isUnknown) {
        const open = { ...at, action: request, outcome: 'unknown', returnedAt: Infinity } as const;
        if (takesEffect) state = model.step(state, open)!;
        return open;
      }
      const action = request.kind === 'read' ? { ...request, value: state } : request;
      const isRefused = action.kind === 'cas' && action.from !== state;
      const outcome: Outcome = isRefused ? 'fail' : 'ok';
      const operation = { ...at, action, outcome, returnedAt: instant + after };
      state = model.step(state, operation)!;
      return operation;
    });
  });
}

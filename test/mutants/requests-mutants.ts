import type * as answeredCalls from '../../src/requests/answered-calls.ts';
import type * as breaker from '../../src/requests/breaker.ts';
import type * as policy from '../../src/requests/policy.ts';
import type * as requests from '../../src/requests/requests.ts';
import { scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** Bugs in what keeps retries from doing harm. */
export const REQUESTS_MUTANTS: readonly Mutant[] = [
  /** A server forgets a call as soon as it has answered it. */
  mutant<typeof answeredCalls>(
    {
      name: 'calls-forgotten-at-once',
      module: 'requests/answered-calls.ts',
      caughtBy: scenario('requests'),
      withFaultsOff: 'caught',
    },
    ({ AnsweredCalls }) => ({
      AnsweredCalls: class extends AnsweredCalls {
        override keep(): void {}
      },
    }),
  ),

  /** Answers that should be on the disk are in memory alone. */
  mutant<typeof answeredCalls>(
    {
      name: 'answers-die-with-the-life',
      module: 'requests/answered-calls.ts',
      caughtBy: scenario('requests'),
      withFaultsOff: 'missed',
    },
    ({ AnsweredCalls }) => ({
      AnsweredCalls: class extends AnsweredCalls {
        constructor() {
          super(null);
        }
      },
    }),
  ),

  /** A breaker that has opened lets nothing through any more. */
  mutant<typeof breaker>(
    {
      name: 'breaker-never-half-opens',
      module: 'requests/breaker.ts',
      caughtBy: scenario('requests'),
      withFaultsOff: 'caught',
    },
    ({ Breaker }) => ({
      Breaker: class extends Breaker {
        override permit() {
          return this.state === 'open' ? null : super.permit();
        }
      },
    }),
  ),

  /** A caller takes silence for a no. */
  mutant<typeof requests>(
    {
      name: 'silence-means-no',
      module: 'requests/requests.ts',
      caughtBy: scenario('requests'),
      withFaultsOff: 'caught',
    },
    ({ Requests, requests: definition }) => {
      class Sure extends Requests {
        override call(...[to, payload, onDone, options]: Parameters<requests.Requests['call']>) {
          return super.call(
            to,
            payload,
            (outcome) => onDone?.(outcome.ok ? outcome : { ...outcome, mayHaveHappened: false }),
            options,
          );
        }
      }
      return { requests: { ...definition, create: (host) => new Sure(host) } };
    },
  ),

  /** Careful retries are as naive as the naive ones. */
  mutant<typeof policy>(
    {
      name: 'storm-without-care',
      module: 'requests/policy.ts',
      caughtBy: scenario('storm'),
      withFaultsOff: 'caught',
    },
    ({ POLICIES }) => ({ POLICIES: { ...POLICIES, careful: POLICIES.naive } }),
  ),
];

import * as v from 'valibot';
import type { Store } from '../../runtime/host.ts';
import type { NodeId } from '../../vocabulary.ts';

/** Which request of a client: they count on within a life, and lives count on over restarts. */
export const requestSchema = v.object({ life: v.number(), number: v.number() });
export type Request = v.InferOutput<typeof requestSchema>;

/** Whether it was done, and what the register held afterwards. */
export const answerSchema = v.object({ done: v.boolean(), value: v.string() });
export type Answer = v.InferOutput<typeof answerSchema>;

const sessionSchema = v.object({ request: requestSchema, answer: answerSchema });

/**
 * Makes commands that are sent again and again take effect once. A client asks one thing at a time, so
 * it is enough to remember, for each, its last request and the answer. They are stored in the step
 * that executes the command: a crash keeps both or neither.
 */
export class Sessions {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Null for a request that its client has given up by asking another: nothing happens. */
  once(client: NodeId, request: Request, execute: () => Answer): Answer | null {
    const stored = this.store.get(client);
    const last = stored === undefined ? undefined : v.parse(sessionSchema, stored);
    if (last !== undefined && !isNewer(request, last.request))
      return isNewer(last.request, request) ? null : last.answer;
    const answer = execute();
    this.store.put(client, { request, answer });
    return answer;
  }
}

function isNewer(a: Request, b: Request): boolean {
  return a.life > b.life || (a.life === b.life && a.number > b.number);
}

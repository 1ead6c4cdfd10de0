/**
 * Changes to something that the server owns, from the moment the teacher lets go until the server's
 * own word has come back. What is refused stays as it was set, beside the sentence that says why not.
 */
export class Edits<Values extends object> {
  problem = $state<string | null>(null);
  #made = $state.raw<Partial<Values>>({});
  readonly #base: () => Values;
  readonly #send: (values: Partial<Values>) => Promise<string | null>;

  /** What is shown. */
  readonly shown: Values = $derived.by(() => ({ ...this.#base(), ...this.#made }));

  /** @param send all that was changed; answers null, or the sentence that says why not */
  constructor(base: () => Values, send: (values: Partial<Values>) => Promise<string | null>) {
    this.#base = base;
    this.#send = send;
  }

  async set(values: Partial<Values>): Promise<void> {
    const asked = { ...this.#made, ...values };
    this.#made = asked;
    const problem = await this.#send(asked);
    this.problem = problem;
    // What was set meanwhile is on its way by itself.
    if (problem === null && this.#made === asked) this.#made = {};
  }

  /** Another link or node is looked at. */
  forget(): void {
    this.#made = {};
    this.problem = null;
  }
}

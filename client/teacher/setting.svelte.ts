/** One setting of the room on its way to the server: being saved, saved, or refused with a sentence. */
export class Setting<Value> {
  saving = $state(false);
  problem = $state<string | null>(null);
  readonly #save: (value: Value) => Promise<string | null>;

  /** @param save answers null, or the sentence that says why not */
  constructor(save: (value: Value) => Promise<string | null>) {
    this.#save = save;
  }

  async set(value: Value): Promise<void> {
    this.saving = true;
    this.problem = await this.#save(value);
    this.saving = false;
  }
}

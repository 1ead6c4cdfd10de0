import type { Chunk, RecordingInfo, RecordingStore } from '../platform/recording-store.ts';

/** Where a browser keeps nothing: recordings last as long as the page. */
export class MemoryStore implements RecordingStore {
  #recordings = new Map<string, { info: RecordingInfo; chunks: Map<number, Chunk> }>();

  async list(): Promise<RecordingInfo[]> {
    return Promise.resolve([...this.#recordings.values()].map(({ info }) => info));
  }

  async append(info: RecordingInfo, chunk: Chunk, gone: readonly number[]): Promise<void> {
    const chunks = this.#recordings.get(info.id)?.chunks ?? new Map<number, Chunk>();
    chunks.set(info.next - 1, chunk);
    for (const number of gone) chunks.delete(number);
    this.#recordings.set(info.id, { info, chunks });
    return Promise.resolve();
  }

  async chunk(id: string, number: number): Promise<Chunk | undefined> {
    return Promise.resolve(this.#recordings.get(id)?.chunks.get(number));
  }

  async delete(id: string): Promise<void> {
    this.#recordings.delete(id);
    return Promise.resolve();
  }

  close(): void {}
}

/** Runs in a page before its own code: what the server says in such words never reaches it. */
export function hearNot({ starts, ends }: { starts: string; ends: string }): void {
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...given: ConstructorParameters<typeof Real>) {
      super(...given);
      this.addEventListener('message', (event: MessageEvent<unknown>) => {
        const { data } = event;
        if (typeof data === 'string' && data.startsWith(starts) && data.endsWith(ends))
          event.stopImmediatePropagation();
      });
    }
  };
}

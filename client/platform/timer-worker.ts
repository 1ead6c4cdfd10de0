/**
 * Timers for a tab that nobody looks at: a hidden tab's own timers run once a second or less, those
 * of its workers do not. It knows only ids and delays; what they mean stays in the tab.
 */
export type TimerOrder =
  { readonly id: number; readonly delayMs: number } | { readonly cancel: number };

const pending = new Map<number, ReturnType<typeof setTimeout>>();

self.onmessage = (event: MessageEvent<TimerOrder>) => {
  const order = event.data;
  if ('cancel' in order) {
    clearTimeout(pending.get(order.cancel));
    pending.delete(order.cancel);
    return;
  }
  const { id, delayMs } = order;
  const timer = setTimeout(() => {
    pending.delete(id);
    self.postMessage(id);
  }, delayMs);
  pending.set(id, timer);
};

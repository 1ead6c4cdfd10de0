/** What it throws is reported as any uncaught error is, and whoever called it goes on. */
export function guarded<Args extends unknown[]>(
  call: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      call(...args);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

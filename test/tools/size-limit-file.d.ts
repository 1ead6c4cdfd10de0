/** Compresses files as a server would and adds up their sizes. */
declare module '@size-limit/file' {
  const plugin: ((...given: unknown[]) => unknown)[];
  export default plugin;
}

/** What is evaluated in a page may hold calls of the loader's helper that keeps names; the page has none. */
export const NAMING_HELPER = 'window.__name = (named) => named;';

/**
 * What a canvas draws with: it knows no custom properties, so an element is asked what they come to.
 * They come to something else in another theme: `watch` says when.
 */
export class CanvasColors {
  private readonly probe: HTMLElement;
  private readonly known = new Map<string, string>();

  /** @param probe an element that is not seen, within the page whose tokens are asked for */
  constructor(probe: HTMLElement) {
    this.probe = probe;
  }

  /** @param color as in a stylesheet, for example `var(--ink)` */
  get(color: string): string {
    let found = this.known.get(color);
    if (found === undefined) {
      this.probe.style.color = color;
      this.known.set(color, (found = getComputedStyle(this.probe).color));
    }
    return found;
  }

  /** @returns how to stop */
  watch(changed: () => void): () => void {
    const forget = () => {
      this.known.clear();
      changed();
    };
    const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
      matchMedia(query),
    );
    const themes = new MutationObserver(forget);
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    for (const query of queries) query.addEventListener('change', forget);
    return () => {
      themes.disconnect();
      for (const query of queries) query.removeEventListener('change', forget);
    };
  }
}

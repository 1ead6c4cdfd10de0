/**
 * SVG text has no ellipsis, so names are cut here. Widths are those of Atkinson Hyperlegible Next
 * at weight 600, in em, rounded up: a name may be cut a letter early, but never runs over.
 */
export function fitText(text: string, widthPx: number, fontPx: number): string {
  const room = widthPx / fontPx;
  if (textWidthPx(text, 1) <= room) return text;
  let kept = '';
  let used = 0.9;
  for (const letter of text) {
    used += letterEms(letter);
    if (used > room) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** The most that a text takes. */
export function textWidthPx(text: string, fontPx: number): number {
  let ems = 0;
  for (const letter of text) ems += letterEms(letter);
  return ems * fontPx;
}

function letterEms(letter: string): number {
  if (/[ijl.,:;|'!\s]/.test(letter)) return 0.33;
  if (/[mwMW@%]/.test(letter)) return 0.95;
  if (/[A-Z]/.test(letter)) return 0.7;
  // Beyond Latin, Greek and Cyrillic, letters are as wide as they are high, some wider.
  return letter.codePointAt(0)! > 0x1100 ? 1.15 : 0.6;
}

/** WCAG 2.2's least target, and what a finger hits. */
const LEAST_TARGET_PX = 24;
const TOUCH_TARGET_PX = 44;
const PHONE_PX = 600;

/** Controls that a phone's user needs all the time. */
const PRIMARY = 'nav button, .main, [role="switch"], .do a, form button, .row button';

/** What a machine can see to be wrong with the page it runs in, as sentences; none if all is well. */
export function inspectPage(): readonly string[] {
  const root = document.querySelector('dialog[open]') ?? document.body;
  const all = [...root.querySelectorAll('*')].filter(isSeen);
  const faults = [
    ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
    ...all.filter(hasOwnText).flatMap(textFaults),
    ...[...root.querySelectorAll('.picture > svg')].flatMap(pictureFaults),
    ...all
      .filter((element) =>
        element.matches('button, input, [role="button"], [role="switch"], nav a, .do a'),
      )
      .flatMap(controlFaults),
  ];
  return [...new Set(faults)];
}

function isSeen(element: Element): boolean {
  return element.checkVisibility({ visibilityProperty: true }) && !element.closest('.unseen');
}

function hasOwnText(element: Element): boolean {
  return (
    element.tagName !== 'title' &&
    [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
    )
  );
}

function brief(element: Element): string {
  const text = (element.textContent ?? '').trim().replace(/\s+/g, ' ');
  return `<${element.tagName.toLowerCase()}> ${text.slice(0, 40)}`;
}

function textFaults(element: Element): string[] {
  // A table that is wider than the page scrolls in its own frame.
  if (element.closest('.scroll')) return [];
  const faults: string[] = [];
  const box = element.getBoundingClientRect();
  if (box.left < -1 || box.right > innerWidth + 1)
    faults.push(`text leaves the page: ${brief(element)}`);
  const style = getComputedStyle(element);
  const clips = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
  const cut =
    element instanceof HTMLElement &&
    style.display !== 'inline' &&
    element.scrollWidth > element.clientWidth + 1;
  if (cut && !clips) faults.push(`text leaves its box: ${brief(element)}`);
  if (cut && clips && element.closest('[title]') === null)
    faults.push(`text is cut and has no title: ${brief(element)}`);
  return faults;
}

/** Names stay inside the picture, off each other and off the discs. */
function pictureFaults(svg: Element): string[] {
  const frame = svg.getBoundingClientRect();
  const labels = [...svg.querySelectorAll('text')].map((label) => ({
    label,
    box: label.getBoundingClientRect(),
    upright: /rotate\(0(\.0)?\)/.test(label.getAttribute('transform') ?? ''),
  }));
  const discs = [...svg.querySelectorAll('.ring')].map((disc) => disc.getBoundingClientRect());
  return labels.flatMap(({ label, box, upright }, i) => {
    const faults: string[] = [];
    const outside =
      box.left < frame.left - 1 ||
      box.right > frame.right + 1 ||
      box.top < frame.top - 1 ||
      box.bottom > frame.bottom + 1;
    if (outside) faults.push(`a name leaves the picture: ${brief(label)}`);
    if (!upright) return faults;
    for (const other of labels.slice(i + 1))
      if (other.upright && overlap(box, other.box))
        faults.push(`names overlap: ${brief(label)}, ${brief(other.label)}`);
    if (discs.some((disc) => overlap(box, disc)))
      faults.push(`a name lies on a disc: ${brief(label)}`);
    return faults;
  });
}

/** Boxes are drawn around circles and line heights, so a few pixels of them are empty. */
function overlap(a: DOMRect, b: DOMRect): boolean {
  const slack = 3;
  return (
    a.left + slack < b.right &&
    b.left + slack < a.right &&
    a.top + slack < b.bottom &&
    b.top + slack < a.bottom
  );
}

function controlFaults(control: Element): string[] {
  const faults: string[] = [];
  const target = (control.closest('label') ?? control).getBoundingClientRect();
  const size = `${Math.round(target.width)}×${Math.round(target.height)}`;
  if (Math.min(target.width, target.height) < LEAST_TARGET_PX)
    faults.push(`too small to hit (${size}): ${brief(control)}`);
  if (innerWidth < PHONE_PX && control.matches(PRIMARY) && target.height < TOUCH_TARGET_PX)
    faults.push(`too small for a finger (${size}): ${brief(control)}`);
  if (nameOf(control) === '') faults.push(`has no name: ${control.outerHTML.slice(0, 80)}`);
  return faults;
}

function nameOf(control: Element): string {
  const by = control.getAttribute('aria-labelledby');
  const labels = control instanceof HTMLInputElement ? [...(control.labels ?? [])] : [];
  return [
    control.getAttribute('aria-label'),
    by === null ? null : document.getElementById(by)?.textContent,
    ...labels.map((label) => label.textContent),
    control.textContent,
  ]
    .join('')
    .trim();
}

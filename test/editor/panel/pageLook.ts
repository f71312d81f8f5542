/** What a test asks of the page itself; each function runs in it and sees nothing of this file */

interface Style {
  readonly overflowX: string;
  readonly outlineStyle: string;
  readonly outlineWidth: string;
  readonly borderTopColor: string;
  readonly transitionDuration: string;
  readonly animationName: string;
  readonly color: string;
}

interface PageElement {
  readonly localName: string;
  readonly className: string;
  readonly innerText?: string;
  readonly parentElement: PageElement | null;
  readonly shadowRoot: (PageRoot & { readonly activeElement: PageElement | null }) | null;
  readonly clientWidth: number;
  readonly scrollWidth: number;
  readonly style: { color: string };
  closest(selector: string): PageElement | null;
  append(child: PageElement): void;
  remove(): void;
  getBoundingClientRect(): { readonly left: number; readonly right: number; readonly width: number; readonly height: number };
  getRootNode(): { readonly host?: PageElement };
}

interface PageRoot {
  querySelectorAll(selector: string): Iterable<PageElement>;
}

interface Page {
  readonly document: PageRoot & { readonly activeElement: PageElement | null; readonly documentElement: PageElement; readonly body: PageElement; createElement(name: string): PageElement };
  getComputedStyle(element: PageElement): Style;
}

/** What stands beyond the edge of the page or is cut off, and cannot be scrolled to, as sentences */
export function lost(): readonly string[] {
  const { document, getComputedStyle } = globalThis as unknown as Page;
  const width = document.documentElement.clientWidth;
  const scrolls = (element: PageElement | null): boolean => element !== null && (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const found = document.documentElement.scrollWidth > width ? ['the page scrolls sideways'] : [];
  for (const element of document.querySelectorAll('main *, header *')) {
    const { left, right, height } = element.getBoundingClientRect();
    // What only screen readers read, and rows of the record, which are lines by design and stand whole in the entry
    if (height <= 1 || element.closest('.unseen, .audit-row, details:not([open]) > :not(summary)') !== null || scrolls(element.parentElement)) continue;
    if (right > width + 1 || left < -1) found.push(`${element.localName}.${element.className} “${(element.innerText ?? '').slice(0, 40)}” from ${Math.round(left)} to ${Math.round(right)} of ${width}`);
  }
  return found;
}

/** Everything that moves or fades by itself, inside the controls too */
export function moving(): readonly string[] {
  const { document, getComputedStyle } = globalThis as unknown as Page;
  const found: string[] = [];
  const look = (root: PageRoot): void => {
    for (const element of root.querySelectorAll('*')) {
      const { transitionDuration, animationName } = getComputedStyle(element);
      if (animationName !== 'none' || !transitionDuration.split(', ').every((duration) => duration === '0s')) found.push(`${element.localName}.${element.className}: ${animationName}, ${transitionDuration}`);
      if (element.shadowRoot !== null) look(element.shadowRoot);
    }
  };
  look(document);
  return found;
}

/** Name of what has the focus, and whether a ring or border in the colour of the focus shows it */
export function focus(): { readonly name: string; readonly seen: boolean } {
  const { document, getComputedStyle } = globalThis as unknown as Page;
  const probe = document.createElement('span');
  probe.style.color = 'var(--vscode-focusBorder)';
  document.body.append(probe);
  const ring = getComputedStyle(probe).color;
  probe.remove();
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const name = `${element?.localName ?? 'nothing'}.${element?.className ?? ''}`;
  for (let each = element, steps = 0; each !== null && steps < 5; each = each.parentElement ?? each.getRootNode().host ?? null, steps++) {
    const { outlineStyle, outlineWidth, borderTopColor } = getComputedStyle(each);
    if ((outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || borderTopColor === ring) return { name, seen: true };
  }
  return { name, seen: false };
}

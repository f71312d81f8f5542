import { noChange } from 'lit';
import { directive, Directive, type PropertyPart } from 'lit/directive.js';

/** Boxes that are being set to what stands, right now */
const beingSet = new WeakSet<EventTarget>();

class Standing extends Directive {
  render(_on: boolean): unknown {
    return noChange;
  }

  override update({ element }: PropertyPart, [on]: [boolean]): unknown {
    const box = element as HTMLInputElement;
    if (box.checked === on) return noChange;
    beingSet.add(box);
    box.checked = on;
    beingSet.delete(box);
    return noChange;
  }
}

/** Value of a checkbox’s `.checked`: shows what stands at every drawing, whatever a person did to the box since the last */
export const standing = directive(Standing);

/**
 * Listener for a checkbox’s `change`: runs for what a person switched. The toolkit’s box tells of every change, also of one
 * that came with the state; those are no request. (What stands is no help in telling the two apart: a second click that comes
 * before the first one’s change is back says the same as the state.)
 */
export function bySwitching(run: (on: boolean) => void): (event: Event) => void {
  return ({ target }) => {
    if (target !== null && !beingSet.has(target)) run((target as HTMLInputElement).checked);
  };
}

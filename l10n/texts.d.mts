/** Every text of the code, sorted, and calls whose text is not written out, as sentences */
export function textsOf(root: string): { readonly texts: readonly string[]; readonly problems: readonly string[] };
/** The bundle that translators begin with */
export function bundleOf(texts: readonly string[]): string;

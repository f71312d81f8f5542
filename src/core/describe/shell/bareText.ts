/** Without what stands in single quotes, where it is plain that these are quotes; else all of it */
export function bareText(text: string): string {
  return /["\\#`]|<<|\$'/.test(text) ? text : text.replace(/'[^']*'/g, "''");
}

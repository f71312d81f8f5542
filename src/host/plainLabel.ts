/**
 * Text from outside for a place where the editor turns `$(name)` into an icon (labels of picks, status bar).
 *
 * Without this, `echo $(trash)` would show a picture instead of the words that run. Only what the editor takes for an icon
 * gets the backslash that it removes again; anywhere else the backslash would stay and be a lie of its own.
 */
export function plainLabel(text: string): string {
  return text.replace(/\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g, '\\$&');
}

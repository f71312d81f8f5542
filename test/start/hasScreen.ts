/** Whether a window can be opened here */
export function hasScreen(): boolean {
  if (process.platform !== 'linux') return process.env['SSH_CONNECTION'] === undefined;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** Listener for the keys of a field: Enter does what its button does */
export function onEnter(run: () => Promise<unknown>): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    void run();
  };
}

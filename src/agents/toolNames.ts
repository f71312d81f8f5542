/**
 * Reads a table of a client's tool names: words apart by blanks, `Name` where the gate knows the tool by that name, and
 * `Name=tool` where it knows it by another.
 */
export function toolTable(text: string): ReadonlyMap<string, string> {
  return new Map(text.trim().split(/\s+/).map((word) => {
    const [name = '', ours = name] = word.split('=');
    return [name, ours] as const;
  }));
}

/**
 * The name a client's tool is asked about by. One that the client's table does not have gets the client's name before it
 * (`claude.Sing`), so that it is a stranger to the gate even where another client has a tool of that name.
 */
export function toolNamed(name: string, table: ReadonlyMap<string, string>, client: string): string {
  return table.get(name) ?? (name.startsWith('mcp_') ? name : `${client}.${name}`);
}

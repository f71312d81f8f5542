const firstLine = '// CoWork Policy: asks the policy of the workspace before every tool.';

/**
 * The text of the plugin that makes opencode ask before each tool; it goes into a folder of plugins (`~/.config/opencode/plugin`).
 * It imports nothing, because a plugin that fails to load is left out in silence and every tool runs.
 *
 * INVARIANT: a tool runs only after the hook ended with 0 and wrote `{"decision":"allow"}`; whatever else happens is thrown,
 * which opencode takes for a refusal.
 *
 * @param command program and words of the hook, the program absolute
 * @param patience milliseconds that the plugin waits for its hook: longer than the hook's own deadline
 */
export function opencodePlugin(command: readonly string[], patience = 60_000): string {
  return `${firstLine}
// Written by "cowork-policy install opencode"; "cowork-policy uninstall opencode" takes it away.
const command = ${JSON.stringify(command)};

const ask = (call) => new Promise((done, fail) => {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const hook = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
  const late = setTimeout(() => {
    hook.kill("SIGKILL");
    fail(new Error("nobody answered in time"));
  }, ${patience});
  let said = "";
  let reason = "";
  hook.stdout.setEncoding("utf8").on("data", (text) => { said += text; });
  hook.stderr.setEncoding("utf8").on("data", (text) => { reason += text; });
  hook.stdin.on("error", () => {});
  hook.on("error", (error) => {
    clearTimeout(late);
    fail(error);
  });
  hook.on("close", (code) => {
    clearTimeout(late);
    try {
      if (code !== 0) throw new Error(reason.trim() || "the hook ended without an answer");
      done(JSON.parse(said));
    } catch (error) {
      fail(error);
    }
  });
  hook.stdin.end(JSON.stringify(call));
});

export const CoworkPolicy = async (place) => ({
  "tool.execute.before": async (input, output) => {
    let answer;
    try {
      answer = await ask({ hook_event_name: "PreToolUse", session_id: input.sessionID, cwd: place.directory, tool_name: input.tool, tool_input: output.args });
    } catch (error) {
      const text = String((error && error.message) || error);
      throw new Error(text.startsWith("Denied") ? text : "Denied: CoWork Policy could not be asked: " + text);
    }
    if (answer === null || typeof answer !== "object" || answer.decision !== "allow") throw new Error("Denied: CoWork Policy gave no answer that can be read.");
    if (answer.args !== undefined) {
      for (const key of Object.keys(output.args)) delete output.args[key];
      Object.assign(output.args, answer.args);
    }
  },
});
`;
}

/** The words of the hook in a plugin of ours; `undefined` in any other text */
export function wordsOfPlugin(text: string): readonly unknown[] | undefined {
  const [, words] = text.startsWith(`${firstLine}\n`) ? (/^const command = (\[.*\]);$/m.exec(text) ?? []) : [];
  return words === undefined ? undefined : (JSON.parse(words) as readonly unknown[]);
}

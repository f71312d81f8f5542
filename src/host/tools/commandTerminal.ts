import * as vscode from 'vscode';
import { visible } from '../../core/visible.ts';
import { terminalText } from './terminalText.ts';

/** Characters that a terminal which nobody has looked at yet is given when somebody does */
const longestBacklog = 200_000;

/**
 * A terminal of one folder in which a person can watch the commands that agents run there. It comes with the first command and
 * stays in the background; nothing can be typed into it.
 */
export class CommandTerminal implements vscode.Disposable {
  private readonly name: string;
  private readonly write = new vscode.EventEmitter<string>();
  private terminal: vscode.Terminal | undefined;
  private isShown = false;
  private backlog = '';

  constructor(name: string) {
    this.name = name;
  }

  /** Writes the line that starts now */
  start(command: string): void {
    this.open();
    this.tell(`\u001b[1m$ ${command.split('\n').map(visible).join('\r\n> ')}\u001b[0m\r\n`);
  }

  /** Writes output of it; of control sequences only colours are kept */
  output(text: string): void {
    this.tell(terminalText(text));
  }

  /** Writes how it ended */
  end(how: string): void {
    this.tell(`\r\n\u001b[2m${visible(how)}\u001b[0m\r\n\r\n`);
  }

  show(): void {
    this.open().show(true);
  }

  dispose(): void {
    this.terminal?.dispose();
    this.write.dispose();
  }

  private tell(text: string): void {
    if (this.isShown) this.write.fire(text);
    else this.backlog = (this.backlog + text).slice(-longestBacklog);
  }

  private open(): vscode.Terminal {
    this.terminal ??= vscode.window.createTerminal({
      name: this.name,
      iconPath: new vscode.ThemeIcon('shield'),
      isTransient: true,
      pty: {
        onDidWrite: this.write.event,
        open: () => {
          this.isShown = true;
          this.write.fire(this.backlog);
          this.backlog = '';
        },
        // A person closed it: the commands run on, and the next one opens a new one
        close: () => {
          this.terminal = undefined;
          this.isShown = false;
        },
      },
    });
    return this.terminal;
  }
}

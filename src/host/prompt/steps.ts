import * as vscode from 'vscode';

/** A row of a pick, with what choosing it means; separators carry no value */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

/** A line between groups of rows */
export function separator<T>(label: string): Choice<T> {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

export interface PickStep<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly prompt?: string;
  readonly items: readonly Choice<T>[];
  /** Row that is active first; nothing that loosens */
  readonly active?: Choice<T>;
  /** Rows for what was typed; without it, typing filters */
  readonly typed?: (text: string) => readonly Choice<T>[];
  readonly value?: string;
}

/** One step of a prompt: a pick that stays when focus moves; `undefined` for Back, Escape or when the prompt ends */
export function pickStep<T>(step: PickStep<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<Choice<T>>();
    pick.title = step.title;
    pick.placeholder = step.placeholder;
    pick.prompt = step.prompt;
    pick.ignoreFocusOut = true;
    pick.buttons = [vscode.QuickInputButtons.Back];
    pick.value = step.value ?? '';
    pick.items = step.typed === undefined ? step.items : step.typed(pick.value);
    if (step.active !== undefined) pick.activeItems = [step.active];
    const end = (value: T | undefined): void => {
      signal.removeEventListener('abort', hide);
      resolve(value);
      pick.dispose();
    };
    const hide = (): void => pick.hide();
    signal.addEventListener('abort', hide, { once: true });
    pick.onDidChangeValue((text) => {
      if (step.typed !== undefined) pick.items = step.typed(text);
    });
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen?.value !== undefined) end(chosen.value);
    });
    pick.onDidTriggerButton(hide);
    pick.onDidHide(() => end(undefined));
    if (signal.aborted) end(undefined);
    else pick.show();
  });
}

export interface TextStep {
  readonly title: string;
  readonly placeholder?: string;
  readonly prompt: string;
  readonly value: string;
  /** What stands in the way of this text, or a note on it; called at each change */
  readonly check?: (text: string) => vscode.InputBoxValidationMessage | undefined;
}

/** One step of a prompt: a line of text; `undefined` for Back, Escape or when the prompt ends */
export function textStep(step: TextStep, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const box = vscode.window.createInputBox();
    box.title = step.title;
    box.placeholder = step.placeholder;
    box.prompt = step.prompt;
    box.value = step.value;
    // Behind the text, nothing selected: one stray key must not replace all of it
    box.valueSelection = [step.value.length, step.value.length];
    box.ignoreFocusOut = true;
    box.buttons = [vscode.QuickInputButtons.Back];
    const check = (text: string): boolean => {
      box.validationMessage = step.check?.(text);
      return typeof box.validationMessage !== 'object' || box.validationMessage.severity !== vscode.InputBoxValidationSeverity.Error;
    };
    const end = (value: string | undefined): void => {
      signal.removeEventListener('abort', hide);
      resolve(value);
      box.dispose();
    };
    const hide = (): void => box.hide();
    signal.addEventListener('abort', hide, { once: true });
    box.onDidChangeValue(check);
    box.onDidAccept(() => {
      if (check(box.value)) end(box.value);
    });
    box.onDidTriggerButton(hide);
    box.onDidHide(() => end(undefined));
    if (signal.aborted) end(undefined);
    else {
      check(step.value);
      box.show();
    }
  });
}

/** Resolves when the tab that shows this document is closed, or when `signal` aborts */
export function tabClosed(uri: vscode.Uri, signal: AbortSignal): Promise<void> {
  const shows = (tab: vscode.Tab): boolean => {
    const { input } = tab;
    if (input instanceof vscode.TabInputText) return input.uri.toString() === uri.toString();
    return input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString();
  };
  return new Promise((resolve) => {
    const subscription = vscode.window.tabGroups.onDidChangeTabs((event) => {
      if (event.closed.some(shows)) end();
    });
    const end = (): void => {
      subscription.dispose();
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

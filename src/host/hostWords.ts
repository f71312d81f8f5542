import * as vscode from 'vscode';
import type { Words } from '../gate/words.ts';
import { said } from './said.ts';

/** The editor's translator, which also knows how the gate says why it decides, and the language for numbers */
export const hostWords: Words = { t: (message, ...args) => vscode.l10n.t(message, ...args), said: (text) => said(text, vscode.l10n), language: vscode.env.language };

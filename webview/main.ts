import { config } from '@vscode/l10n';
import { registerControls } from './controls.ts';
import { PolicyPanel } from './policyPanel.ts';

config({ contents: JSON.parse(document.body.dataset['words'] ?? '{}') as Record<string, string> });
registerControls();
customElements.define('policy-panel', PolicyPanel);

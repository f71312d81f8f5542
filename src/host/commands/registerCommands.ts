import * as vscode from 'vscode';
import { protectAgent } from '../agents/protectAgent.ts';
import { releaseAgent } from '../agents/releaseAgent.ts';
import { commands, type CommandId } from '../contributions.ts';
import type { Faces } from '../faces.ts';
import type { TreeNode } from '../tree/treeNodes.ts';
import { addRule } from './addRule.ts';
import { addChannel, changeChannelToken, connectChannel, disconnectChannel, generatePairingCode, removeChannel, revokeChannelUser, showChannelUsers, testChannel } from './channels.ts';
import { compareReviewedRules } from './compareReviewedRules.ts';
import { confirmState } from './confirmState.ts';
import { changePermissions } from './changePermissions.ts';
import { isTreeNode } from './choose.ts';
import { copyDecisionAsRule } from './copyDecisionAsRule.ts';
import { explainItem, explainRequest } from './explainRequest.ts';
import { newPolicyScript } from './newPolicyScript.ts';
import { openPolicyFile } from './openPolicyFile.ts';
import { removeRule } from './removeRule.ts';
import { reviewPolicyScript } from './reviewPolicyScript.ts';
import { reviewRepositoryRules } from './reviewRepositoryRules.ts';
import { answerApproval, showPending } from './showPending.ts';
import { stopApprovingAll } from './stopApprovingAll.ts';
import { switchMode } from './switchMode.ts';
import { verifyRecord } from './verifyRecord.ts';
import { watchCommands } from './watchCommands.ts';

/** Registers every command; a failure is logged and shown as one sentence. What a command does is loaded with its first run, so nothing of it is touched here */
export function registerCommands(faces: Faces, log: vscode.LogOutputChannel, failed: (error: unknown) => void): vscode.Disposable[] {
  const register = (id: CommandId, run: (node: TreeNode | undefined, argument: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        return await run(isTreeNode(argument) ? argument : undefined, argument);
      } catch (error) {
        failed(error);
        const show = vscode.l10n.t('Show Log');
        void vscode.window.showErrorMessage(vscode.l10n.t('Something failed; nothing was allowed by it.'), show).then((chosen) => {
          if (chosen === show) log.show();
        });
        return undefined;
      }
    });
  return [
    register(commands.showPending, () => showPending(faces)),
    register(commands.switchMode, () => switchMode(faces)),
    register(commands.addRule, (node) => addRule(faces, node)),
    register(commands.removeRule, (node) => removeRule(faces, node)),
    register(commands.reviewRepositoryRules, (node) => reviewRepositoryRules(faces, node)),
    register(commands.compareReviewedRules, (node) => compareReviewedRules(faces, node)),
    register(commands.reviewPolicyScript, (node) => reviewPolicyScript(faces, node)),
    register(commands.newPolicyScript, (node) => newPolicyScript(faces, node)),
    register(commands.changePermissions, () => changePermissions(faces)),
    register(commands.explainRequest, () => explainRequest(faces)),
    register(commands.protectAgent, (_, client) => protectAgent(faces, typeof client === 'string' ? client : undefined)),
    register(commands.releaseAgent, (_, client) => releaseAgent(faces, typeof client === 'string' ? client : undefined)),
    register(commands.verifyRecord, () => verifyRecord(faces)),
    register(commands.openPolicyFile, (node) => openPolicyFile(faces, node)),
    register(commands.stopApprovingAll, (node) => stopApprovingAll(faces, node)),
    register(commands.copyDecisionAsRule, (node) => copyDecisionAsRule(faces, node)),
    register(commands.confirmState, (node) => confirmState(faces, node)),
    register(commands.addChannel, () => addChannel(faces)),
    register(commands.changeChannelToken, () => changeChannelToken(faces)),
    register(commands.generatePairingCode, () => generatePairingCode(faces)),
    register(commands.showChannelUsers, () => showChannelUsers(faces)),
    register(commands.revokeChannelUser, () => revokeChannelUser(faces)),
    register(commands.connectChannel, () => connectChannel(faces)),
    register(commands.disconnectChannel, () => disconnectChannel(faces)),
    register(commands.testChannel, () => testChannel(faces)),
    register(commands.removeChannel, () => removeChannel(faces)),
    register(commands.watchCommands, () => watchCommands(faces)),
    register(commands.reopenStore, () => faces.folders.reopen()),
    register(commands.answerApproval, (node) => node && answerApproval(faces, node)),
    register(commands.explainItem, (node) => node && explainItem(faces, node)),
  ];
}

/**
 * Everything the manifest contributes, typed, so that a mistyped id is a compile error. A unit test holds this table and
 * `package.json` against each other, both ways.
 */

/** Commands in the palette, and those that only menus of the tree call */
export const commands = {
  openPanel: 'coworkPolicy.openPanel',
  openOverview: 'coworkPolicy.openOverview',
  openPending: 'coworkPolicy.openPending',
  openRules: 'coworkPolicy.openRules',
  openTryIt: 'coworkPolicy.openTryIt',
  openGuardrails: 'coworkPolicy.openGuardrails',
  openAudit: 'coworkPolicy.openAudit',
  openAgents: 'coworkPolicy.openAgents',
  openChannels: 'coworkPolicy.openChannels',
  openLimits: 'coworkPolicy.openLimits',
  showPending: 'coworkPolicy.showPending',
  switchMode: 'coworkPolicy.switchMode',
  addRule: 'coworkPolicy.addRule',
  removeRule: 'coworkPolicy.removeRule',
  reviewRepositoryRules: 'coworkPolicy.reviewRepositoryRules',
  compareReviewedRules: 'coworkPolicy.compareReviewedRules',
  reviewPolicyScript: 'coworkPolicy.reviewPolicyScript',
  newPolicyScript: 'coworkPolicy.newPolicyScript',
  changePermissions: 'coworkPolicy.changePermissions',
  explainRequest: 'coworkPolicy.explainRequest',
  protectAgent: 'coworkPolicy.protectAgent',
  releaseAgent: 'coworkPolicy.releaseAgent',
  verifyRecord: 'coworkPolicy.verifyRecord',
  openPolicyFile: 'coworkPolicy.openPolicyFile',
  importFile: 'coworkPolicy.importFile',
  stopApprovingAll: 'coworkPolicy.stopApprovingAll',
  copyDecisionAsRule: 'coworkPolicy.copyDecisionAsRule',
  addChannel: 'coworkPolicy.addChannel',
  changeChannelToken: 'coworkPolicy.changeChannelToken',
  generatePairingCode: 'coworkPolicy.generatePairingCode',
  showChannelUsers: 'coworkPolicy.showChannelUsers',
  revokeChannelUser: 'coworkPolicy.revokeChannelUser',
  connectChannel: 'coworkPolicy.connectChannel',
  disconnectChannel: 'coworkPolicy.disconnectChannel',
  testChannel: 'coworkPolicy.testChannel',
  removeChannel: 'coworkPolicy.removeChannel',
  watchCommands: 'coworkPolicy.watchCommands',
  reopenStore: 'coworkPolicy.reopenStore',
  confirmState: 'coworkPolicy.confirmState',
  answerApproval: 'coworkPolicy.answerApproval',
  explainItem: 'coworkPolicy.explainItem',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** Commands that mean nothing without the thing they were called on; hidden from the palette */
export const menuOnlyCommands: readonly CommandId[] = [
  commands.answerApproval, commands.explainItem,
];

export const viewContainer = 'coworkPolicy';
export const view = 'coworkPolicy.gate';

/** Keys that `when` clauses of the manifest read */
export const contextKeys = {
  /** At least one approval waits for an answer */
  hasPending: 'coworkPolicy.hasPending',
  /** A session has "approve all" on */
  approvesAll: 'coworkPolicy.approvesAll',
  /** The repository's rules wait for a review */
  reviewWaits: 'coworkPolicy.reviewWaits',
  /** A store could not be opened, so everything is denied */
  closed: 'coworkPolicy.closed',
} as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

/** The editor's own settings; the policy itself lives in `.cowork/policy` */
export const settings = {
  notifyWhenUnfocused: 'coworkPolicy.notifyWhenUnfocused',
  channelServers: 'coworkPolicy.channelServers',
} as const;

/** What a tree item is, for the `viewItem` of menus */
export const itemKinds = {
  pending: 'pending',
  sessionRule: 'sessionRule',
  workspaceRule: 'workspaceRule',
  repositoryRule: 'repositoryRule',
  profileRule: 'profileRule',
  managedRule: 'managedRule',
  decision: 'decision',
  problem: 'problem',
  /** A problem that a person may settle by confirming the state */
  doubt: 'doubt',
  repositoryGroup: 'repositoryGroup',
  ruleGroup: 'ruleGroup',
  group: 'group',
  folder: 'folder',
  approveAll: 'approveAll',
} as const;
export type ItemKind = (typeof itemKinds)[keyof typeof itemKinds];

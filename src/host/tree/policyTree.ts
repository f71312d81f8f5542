import * as vscode from 'vscode';
import { view } from '../contributions.ts';
import type { TreeNode } from './treeNodes.ts';

/** The view "Policy": shows nodes as they are handed in, whole, at each change */
export class PolicyTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly treeView: vscode.TreeView<TreeNode>;
  private nodes: readonly TreeNode[] = [];
  private parents = new Map<string, TreeNode>();

  constructor(dragAndDropController: vscode.TreeDragAndDropController<TreeNode>) {
    this.treeView = vscode.window.createTreeView(view, { treeDataProvider: this, showCollapseAll: true, dragAndDropController });
  }

  /** Replaces the whole tree; `pending` is the number on the badge */
  update(nodes: readonly TreeNode[], pending: number): void {
    this.nodes = nodes;
    this.parents = parentsOf(nodes);
    this.treeView.badge = pending === 0 ? undefined : { value: pending, tooltip: waiting(pending) };
    this.changed.fire();
  }

  /** Shows the first pending approval to a person who asked for it */
  async reveal(matches: (node: TreeNode) => boolean): Promise<void> {
    const found = find(this.nodes, matches);
    if (found !== undefined) await this.treeView.reveal(found, { select: true, focus: true, expand: true });
  }

  getChildren(node?: TreeNode): readonly TreeNode[] & TreeNode[] {
    return [...(node === undefined ? this.nodes : node.children ?? [])];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.parents.get(node.id);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const hasChildren = node.children !== undefined && node.children.length > 0;
    const item = new vscode.TreeItem(node.label, hasChildren ? (node.expanded ? Expanded : Collapsed) : None);
    item.id = node.id;
    item.iconPath = new vscode.ThemeIcon(node.icon);
    item.contextValue = node.kind;
    if (node.description !== undefined) item.description = node.description;
    // A string, never Markdown: the text comes from agents and repositories
    item.tooltip = node.tooltip ?? node.label;
    item.accessibilityInformation = { label: [node.label, node.description].filter((part) => part !== undefined).join(', ') };
    return item;
  }

  dispose(): void {
    this.treeView.dispose();
    this.changed.dispose();
  }
}

function waiting(pending: number): string {
  return pending === 1 ? vscode.l10n.t('1 approval waits for you') : vscode.l10n.t('{0} approvals wait for you', pending);
}

function find(nodes: readonly TreeNode[], matches: (node: TreeNode) => boolean): TreeNode | undefined {
  for (const node of nodes) {
    if (matches(node)) return node;
    const below = find(node.children ?? [], matches);
    if (below !== undefined) return below;
  }
  return undefined;
}

function parentsOf(nodes: readonly TreeNode[]): Map<string, TreeNode> {
  const parents = new Map<string, TreeNode>();
  const walk = (node: TreeNode): void => {
    for (const child of node.children ?? []) {
      parents.set(child.id, node);
      walk(child);
    }
  };
  nodes.forEach(walk);
  return parents;
}

import { PolicyEditor, Workspace, type Start } from './policyEditor.ts';

/** One editor for all tests of a `describe`, on a workspace of its own; handed over before the first of them */
export function useEditor(start: Start, ready: (opened: { readonly workspace: Workspace; readonly editor: PolicyEditor }) => void): void {
  let workspace: Workspace | undefined;
  let editor: PolicyEditor | undefined;

  before(async () => {
    workspace = await Workspace.make(start);
    editor = await PolicyEditor.open(workspace);
    ready({ workspace, editor });
  });
  afterEach(async function () {
    await editor?.pictureOf(this.currentTest);
  });
  after(async () => {
    await editor?.close();
    workspace?.remove();
  });
}

/** After each test: a picture where it failed, then what it left open goes. `left` hands over what that is, once */
export function closeAfterEach(left: () => { readonly editor: PolicyEditor | undefined; readonly workspace: Workspace | undefined }): void {
  afterEach(async function () {
    const { editor, workspace } = left();
    await editor?.pictureOf(this.currentTest);
    await editor?.close();
    workspace?.remove();
  });
}
